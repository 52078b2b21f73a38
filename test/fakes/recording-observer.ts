import type { Observer, SafeFields } from '../../functions/shared/ports/observer.ts';

export interface RecordedLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: SafeFields;
  readonly error?: unknown;
}

export interface RecordedMetric {
  readonly metric: string;
  readonly value: number;
  readonly outcome?: string;
}

/** An observer that keeps what it is told. */
export interface RecordingObserver extends Observer {
  readonly lines: readonly RecordedLine[];
  readonly metrics: readonly RecordedMetric[];
  /** Sum of a metric, of one outcome or of all. */
  total(metric: string, outcome?: string): number;
}

export const createRecordingObserver = (): RecordingObserver => {
  const lines: RecordedLine[] = [];
  const metrics: RecordedMetric[] = [];
  return {
    lines,
    metrics,
    info: (message, fields = {}) => void lines.push({ level: 'info', message, fields }),
    warn: (message, fields = {}) => void lines.push({ level: 'warn', message, fields }),
    error: (message, error, fields = {}) => void lines.push({ level: 'error', message, fields, error }),
    count: (metric, value = 1, outcome) =>
      void metrics.push({ metric, value, ...(outcome === undefined ? {} : { outcome }) }),
    duration: (metric, milliseconds) => void metrics.push({ metric, value: milliseconds }),
    total: (metric, outcome) =>
      metrics
        .filter((each) => each.metric === metric && (outcome === undefined || each.outcome === outcome))
        .reduce((sum, { value }) => sum + value, 0),
  };
};
