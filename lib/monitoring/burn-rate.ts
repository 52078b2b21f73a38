import { Duration } from 'aws-cdk-lib';
import {
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmKind, Condition, Severity, WindowedAlarm } from './alarm-registry.ts';

/** Share of bad events of one objective, as metric math over one window. */
interface Indicator {
  /** Metrics of one window, by the id used in the expressions (ten at most: CloudWatch's limit for an alarm). */
  readonly metrics: (window: Duration) => Readonly<Record<string, IMetric>>;
  /** Number of bad events. */
  readonly bad: string;
  /** Number of all events that count. */
  readonly total: string;
}

export interface Objective {
  readonly kind: AlarmKind;
  /** What is promised over 30 days, in percent: 99.95. */
  readonly targetPercent: number;
  readonly indicator: Indicator;
  readonly failureImpact: string;
  readonly consoleLink: string;
}

interface BurnRate {
  readonly name: string;
  /** How many times faster than allowed the error budget is spent. */
  readonly factor: number;
  readonly long: Duration;
  readonly short: Duration;
  readonly severity: Severity;
}

/**
 * Multi-window, multi-burn-rate (Google's SRE workbook, chapter 5): 2 % of a 30-day budget in an hour and 5 % in six
 * hours page, 10 % in three days is a ticket. The short window ends the alarm soon after the burning ends.
 */
const BURN_RATES: readonly BurnRate[] = [
  { name: 'fast', factor: 14.4, long: Duration.hours(1), short: Duration.minutes(5), severity: 'page' },
  { name: 'slow', factor: 6, long: Duration.hours(6), short: Duration.minutes(30), severity: 'page' },
  { name: 'steady', factor: 1, long: Duration.days(3), short: Duration.hours(6), severity: 'ticket' },
];

/** Below this many events in the long window a ratio says nothing; in the short one a few are enough. */
const MINIMUM_EVENTS = { long: 50, short: 5 } as const;

/** Alarms of one objective: one per burn rate. */
export const burnRateAlarms = (objective: Objective): readonly WindowedAlarm[] =>
  BURN_RATES.map(({ name, factor, long, short, severity }) => ({
    kind: objective.kind,
    subject: name,
    severity,
    failureImpact: objective.failureImpact,
    consoleLink: objective.consoleLink,
    long: burns(objective, factor, long, MINIMUM_EVENTS.long),
    short: burns(objective, factor, short, MINIMUM_EVENTS.short),
  }));

/** The share of bad events in the window is at least `factor` times what the objective allows. */
const burns = (objective: Objective, factor: number, window: Duration, minimumEvents: number): Condition => {
  const { metrics, bad, total } = objective.indicator;
  return {
    metric: new MathExpression({
      expression: `IF((${total}) >= ${minimumEvents}, 100 * (${bad}) / (${total}), 0)`,
      usingMetrics: { ...metrics(window) },
      label: `${objective.kind}: bad events in percent`,
      period: window,
    }),
    threshold: thresholdPercent(objective.targetPercent, factor),
    comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    missingData: TreatMissingData.NOT_BREACHING,
  };
};

/** Rounded: 100 - 99.95 is not 0.05 in binary fractions. */
const thresholdPercent = (targetPercent: number, factor: number): number =>
  Number((factor * (100 - targetPercent)).toFixed(6));
