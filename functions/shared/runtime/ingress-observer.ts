import { METRIC_NAMESPACE, type MetricName } from '../contract/metrics.ts';
import type { Clock } from '../ports/clock.ts';
import type { Observer, SafeFields } from '../ports/observer.ts';
import { describeError } from './describe-error.ts';
import { scrubField } from './scrub.ts';

export interface IngressObserver extends Observer {
  /** Writes the gathered metrics as one line for each outcome; to be called at the end of every request. */
  flush(): void;
}

interface Output {
  readonly clock: Clock;
  /** Takes one line without its end. */
  readonly write: (line: string) => void;
}

/** Values by metric: counts are summed, of durations the last stands. */
type Values = Map<MetricName, number>;

/** Fields that may stand in a line of an ingress function; all others are dropped, whoever passes them. */
const ALLOWED: ReadonlySet<string> = new Set([
  ...['outcome', 'route', 'accountSid', 'sid', 'key', 'milliseconds', 'parameter', 'rule', 'what'],
]);

/**
 * Log lines and embedded metrics (CloudWatch EMF) by hand, at most 300 bytes a line: Powertools takes 20 ms of a
 * cold start and 1 KB a request, which a webhook's answer does not have to spare (docs/adr/0006).
 */
export const createIngressObserver = (service: string, { clock, write }: Output): IngressObserver => {
  const gathered = new Map<string, Values>();
  const valuesOf = (outcome: string): Values => {
    const values: Values = gathered.get(outcome) ?? new Map();
    gathered.set(outcome, values);
    return values;
  };
  const log = (level: string, message: string, fields: object) =>
    write(JSON.stringify({ level, message, service, ...fields }));
  return {
    info: (message, fields) => log('INFO', message, allowed(fields)),
    warn: (message, fields) => log('WARN', message, allowed(fields)),
    error: (message, error, fields) =>
      log('ERROR', message, { ...allowed(fields), error: describeError(error) }),
    count: (metric, value = 1, outcome = '') => {
      const values = valuesOf(outcome);
      values.set(metric, value + (values.get(metric) ?? 0));
    },
    duration: (metric, value) => void valuesOf('').set(metric, value),
    flush: () => {
      for (const [outcome, values] of documentsOf(gathered))
        write(embeddedMetrics(values, { service, ...(outcome !== '' && { outcome }) }, clock()));
      gathered.clear();
    },
  };
};

/** Metrics without an outcome join the first that have one: mostly one line a request. */
const documentsOf = (gathered: ReadonlyMap<string, Values>): readonly (readonly [string, Values])[] => {
  const [first, ...others] = [...gathered].filter(([outcome]) => outcome !== '');
  const plain: Values = gathered.get('') ?? new Map();
  if (first === undefined) return plain.size === 0 ? [] : [['', plain]];
  return [[first[0], new Map([...first[1], ...plain])], ...others];
};

/** Standard output, unbuffered: Lambda freezes the process right after the answer. */
export const writeLine = (line: string): void => void process.stdout.write(`${line}\n`);

/** Each metric is kept by service, and by service and outcome; units, which CloudWatch does not need, are left out. */
const embeddedMetrics = (
  values: Values,
  dimensions: { readonly service: string; readonly outcome?: string },
  now: number,
): string =>
  JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: METRIC_NAMESPACE,
          Dimensions: [['service'], ...(dimensions.outcome === undefined ? [] : [['service', 'outcome']])],
          Metrics: [...values.keys()].map((name) => ({ Name: name })),
        },
      ],
    },
    ...dimensions,
    ...Object.fromEntries(values),
  });

const allowed = (fields: SafeFields = {}): SafeFields =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => ALLOWED.has(name))
      .map(([name, value]) => [name, typeof value === 'string' ? scrubField(value) : value]),
  );
