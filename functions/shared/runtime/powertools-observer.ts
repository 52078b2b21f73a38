import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { METRIC_NAMESPACE, type MetricName } from '../contract/metrics.ts';
import type { Observer, SafeFields } from '../ports/observer.ts';
import { describeError } from './describe-error.ts';
import { scrubField } from './scrub.ts';

/** An observer that a handler owns: it knows the invocation, and metrics leave it at the end of one. */
export interface FunctionObserver extends Observer {
  /** Puts the request id of this invocation on every line. */
  addContext(context: Context): void;
  /** Writes the metrics collected so far; to be called at the end of every invocation, failed ones included. */
  flush(): void;
}

/**
 * Structured lines and embedded metrics on standard output, by Powertools.
 * A count with an outcome is written at once as a metric of its own: Powertools puts every dimension on every metric
 * of a set, so an outcome would otherwise spread to its neighbours.
 */
export const createObserver = (service: string): FunctionObserver => {
  const logger = new Logger({ serviceName: service });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: service });
  return {
    info: (message, fields) => logger.info(message, safe(fields)),
    warn: (message, fields) => logger.warn(message, safe(fields)),
    // Never the Error itself: Powertools logs all its properties, and an SDK's error carries the item.
    error: (message, error, fields) =>
      logger.error(message, { ...safe(fields), error: { ...describeError(error) } }),
    count: (metric, value = 1, outcome) => count(metrics, { metric, value, outcome }),
    duration: (metric, milliseconds) => void metrics.addMetric(metric, MetricUnit.Milliseconds, milliseconds),
    addContext: (context) => logger.addContext(context),
    flush: () => {
      // Powertools warns about an empty set, which is no fault here.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
};

const count = (
  metrics: Metrics,
  { metric, value, outcome }: { metric: MetricName; value: number; outcome: string | undefined },
): void => {
  if (outcome === undefined) metrics.addMetric(metric, MetricUnit.Count, value);
  else metrics.singleMetric().addDimension('outcome', outcome).addMetric(metric, MetricUnit.Count, value);
};

const safe = (fields: SafeFields = {}): Record<string, string | number | boolean | undefined> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? scrubField(value) : value,
    ]),
  );
