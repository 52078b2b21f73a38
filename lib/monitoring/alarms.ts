import {
  ComparisonOperator,
  MathExpression,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '../../functions/shared/contract/metrics.ts';
import type { Environment } from '../config/environment-configuration.ts';
import type { AlarmKind, Condition, Severity, SingleAlarm } from './alarm-registry.ts';
import { dashboardLink, functionLink, queueLink, ruleLink, tableLink } from './console-links.ts';
import {
  apiMetric,
  functionMetric,
  MINUTE,
  queueMetric,
  ruleMetric,
  tableMetric,
  trunklineMetric,
} from './metrics.ts';

/** Alarms named for the symptom, not for the service that shows it. Thresholds: reference figures of docs/runbooks. */
interface Common {
  readonly environment: Environment;
  /** Completes the alarm's name. */
  readonly subject: string;
  readonly severity: Severity;
  readonly failureImpact: string;
}

/** Missing data means that nothing happened, and nothing happening is no failure. */
const atLeast = (metric: Metric | MathExpression, threshold: number, evaluationPeriods = 1): Condition => ({
  metric,
  threshold,
  comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  evaluationPeriods,
  missingData: TreatMissingData.NOT_BREACHING,
});

/** Messages that are visible in a dead-letter queue. Not the number sent: moves by redrive are not counted there. */
export const deadLettersAlarm = ({
  environment,
  queueName,
  ...rest
}: Common & { readonly queueName: string }): SingleAlarm => ({
  ...rest,
  kind: 'dead-letters',
  consoleLink: queueLink(environment, queueName),
  condition: atLeast(queueMetric(queueName, 'ApproximateNumberOfMessagesVisible'), 1),
});

/** The oldest message waits longer than `maximumAgeSeconds`, in three of five minutes: a burst alone does not alarm. */
export const queueAgeAlarm = ({
  environment,
  queueName,
  maximumAgeSeconds,
  ...rest
}: Common & { readonly queueName: string; readonly maximumAgeSeconds: number }): SingleAlarm => ({
  ...rest,
  kind: 'queue-age',
  consoleLink: queueLink(environment, queueName),
  condition: {
    ...atLeast(queueMetric(queueName, 'ApproximateAgeOfOldestMessage'), maximumAgeSeconds, 5),
    datapointsToAlarm: 3,
  },
});

export const functionErrorsAlarm = ({
  environment,
  functionName,
  ...rest
}: Common & { readonly functionName: string }): SingleAlarm => ({
  ...rest,
  kind: 'function-errors',
  consoleLink: functionLink(environment, functionName),
  condition: { ...atLeast(functionMetric(functionName, 'Errors'), 1, 5), datapointsToAlarm: 2 },
});

export const functionThrottlesAlarm = ({
  environment,
  functionName,
  ...rest
}: Common & { readonly functionName: string }): SingleAlarm => ({
  ...rest,
  kind: 'function-throttles',
  consoleLink: functionLink(environment, functionName),
  condition: { ...atLeast(functionMetric(functionName, 'Throttles'), 1, 5), datapointsToAlarm: 3 },
});

/** The oldest stream record that the function was given is older than `maximumAgeSeconds`. */
export const streamAgeAlarm = ({
  environment,
  functionName,
  maximumAgeSeconds,
  ...rest
}: Common & { readonly functionName: string; readonly maximumAgeSeconds: number }): SingleAlarm => ({
  ...rest,
  kind: 'stream-age',
  consoleLink: functionLink(environment, functionName),
  condition: atLeast(functionMetric(functionName, 'IteratorAge', 'Maximum'), maximumAgeSeconds * 1000),
});

/** The function was not invoked in five minutes although the clock ticks every minute; no data is the failure itself. */
export const missingTickAlarm = ({
  environment,
  functionName,
  ...rest
}: Common & { readonly functionName: string }): SingleAlarm => ({
  ...rest,
  kind: 'due-tick-missing',
  consoleLink: functionLink(environment, functionName),
  condition: {
    metric: functionMetric(functionName, 'Invocations'),
    threshold: 1,
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 5,
    missingData: TreatMissingData.BREACHING,
  },
});

export const ruleFailuresAlarm = ({
  environment,
  eventBusName,
  ruleName,
  ...rest
}: Common & { readonly eventBusName: string; readonly ruleName: string }): SingleAlarm => ({
  ...rest,
  kind: 'rule-failures',
  consoleLink: ruleLink(environment, eventBusName, ruleName),
  condition: atLeast(ruleMetric(eventBusName, ruleName, 'FailedInvocations'), 1),
});

export const apiErrorsAlarm = ({
  environment,
  apiId,
  ...rest
}: Common & { readonly apiId: string }): SingleAlarm => ({
  ...rest,
  kind: 'api-errors',
  consoleLink: dashboardLink(environment),
  condition: { ...atLeast(apiMetric(apiId, '5xx'), 5, 5), datapointsToAlarm: 3 },
});

/** Operations whose throttles and system errors are watched: every one that a function is granted. */
const TABLE_OPERATIONS = ['GetItem', 'PutItem', 'Query', 'Scan', 'TransactWriteItems'] as const;

export const tableErrorsAlarm = ({
  environment,
  tableName,
  ...rest
}: Common & { readonly tableName: string }): SingleAlarm => {
  const terms = TABLE_OPERATIONS.flatMap((operation) =>
    (['ThrottledRequests', 'SystemErrors'] as const).map((name): readonly [string, Metric] => [
      `${name === 'SystemErrors' ? 's' : 't'}${operation}`,
      tableMetric(tableName, name, operation),
    ]),
  );
  const sum = new MathExpression({
    expression: terms.map(([id]) => `FILL(${id},0)`).join('+'),
    usingMetrics: Object.fromEntries(terms),
    label: 'throttles and system errors',
    period: MINUTE,
  });
  return {
    ...rest,
    kind: 'table-errors',
    consoleLink: tableLink(environment, tableName),
    condition: { ...atLeast(sum, 5, 5), datapointsToAlarm: 3 },
  };
};

/** A promise that holds at zero only: the first count alarms. */
export const countAlarm = ({
  kind,
  metricName,
  service,
  consoleLink,
  ...rest
}: Omit<Common, 'environment'> & {
  readonly kind: AlarmKind;
  readonly metricName: MetricName;
  readonly service: string;
  readonly consoleLink: string;
}): SingleAlarm => ({
  ...rest,
  kind,
  consoleLink,
  condition: atLeast(trunklineMetric(metricName, { service }), 1),
});
