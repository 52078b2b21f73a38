import type { MetricName } from '../contract/metrics.ts';

/** Fields that may be logged: ids, SIDs, words, counts. Bodies, numbers, tokens and signatures are never passed. */
export interface SafeFields {
  readonly [name: string]: string | number | boolean | undefined;
}

/** Structured log lines and metrics of one function. */
export interface Observer {
  info(message: string, fields?: SafeFields): void;
  warn(message: string, fields?: SafeFields): void;
  error(message: string, error: unknown, fields?: SafeFields): void;
  /** Counts `value` under the metric, with at most the dimension `outcome` besides the service. */
  count(metric: MetricName, value?: number, outcome?: string): void;
  /** Records a duration in milliseconds. */
  duration(metric: MetricName, milliseconds: number): void;
}

/** Flushes what it gathered over one request. */
export interface RequestObserver extends Observer {
  flush(): void;
}
