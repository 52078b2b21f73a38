import { Duration } from 'aws-cdk-lib';
import {
  ComparisonOperator,
  MathExpression,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from '../../functions/shared/contract/metrics.ts';
import { type Deployment, resourceName } from '../deployment.ts';
import type { Condition, SingleAlarm } from './alarm-registry.ts';
import { countAlarm } from './alarms.ts';
import { dashboardLink, functionLink } from './console-links.ts';
import { trunklineMetric } from './metrics.ts';

/** Alarms on what the error policy makes of failed messages (`config/error-policy/`). */
export const failureAlarms = (deployment: Deployment): readonly SingleAlarm[] => [
  poolInTrouble(deployment),
  unknownErrorCodes(deployment),
  senderErrors(deployment),
  deliveryFailures(deployment),
];

const WORKER = 'handle-failure';
const HOUR = Duration.hours(1);

const failed = (outcome: string): Metric =>
  trunklineMetric(METRICS.failedMessage, { service: WORKER, outcome }, { period: HOUR });

/** Each pause by itself is told: somebody has to find out why, and to resume. */
const poolInTrouble = (deployment: Deployment): SingleAlarm => ({
  kind: 'pool-in-trouble',
  subject: WORKER,
  severity: 'page',
  failureImpact: 'Carriers do not take the messages of a pool or campaign; it was paused, its messages wait.',
  consoleLink: functionLink(deployment.environment, resourceName(deployment, WORKER)),
  condition: atLeast(
    new MathExpression({
      expression: 'FILL(filtering,0) + FILL(registration,0)',
      usingMetrics: {
        filtering: trunklineMetric(METRICS.poolPaused, { service: WORKER, outcome: 'filtering' }),
        registration: trunklineMetric(METRICS.poolPaused, { service: WORKER, outcome: 'registration' }),
      },
      label: 'pools and campaigns paused',
      period: Duration.minutes(1),
    }),
    1,
  ),
});

const unknownErrorCodes = ({ environment }: Deployment): SingleAlarm =>
  countAlarm({
    kind: 'unknown-error-codes',
    subject: WORKER,
    severity: 'ticket',
    failureImpact: 'Messages fail with an error code that nobody has described; they are not sent again.',
    metricName: METRICS.unknownErrorCode,
    service: WORKER,
    consoleLink: dashboardLink(environment),
  });

/** Classes that only somebody of ours can mend. */
const OURS = ['account', 'configuration', 'registration', 'request'];

const senderErrors = ({ environment }: Deployment): SingleAlarm => ({
  kind: 'sender-errors',
  subject: WORKER,
  severity: 'page',
  failureImpact: 'Messages fail for something that is ours: an account, a sender, a setting, a request.',
  consoleLink: dashboardLink(environment),
  condition: atLeast(
    new MathExpression({
      expression: OURS.map((name) => `FILL(${name},0)`).join(' + '),
      usingMetrics: Object.fromEntries(OURS.map((name) => [name, failed(name)])),
      label: 'failures that are ours to mend',
      period: HOUR,
    }),
    5,
  ),
});

/** Of an hour: at least fifty messages that nobody got, and a tenth of what Twilio took. */
const deliveryFailures = ({ environment }: Deployment): SingleAlarm => {
  const classes = ['recipient', 'unreachable', 'blocked', 'content', 'transient', 'rate'];
  const sum = `(${classes.map((name) => `FILL(${name},0)`).join(' + ')})`;
  return {
    kind: 'delivery-failures',
    subject: WORKER,
    severity: 'ticket',
    failureImpact: 'Many recipients do not get their messages.',
    consoleLink: dashboardLink(environment),
    condition: atLeast(
      new MathExpression({
        expression: `IF(${sum} >= 50, 100 * ${sum} / (FILL(accepted,0) + ${sum}), 0)`,
        usingMetrics: {
          ...Object.fromEntries(classes.map((name) => [name, failed(name)])),
          accepted: trunklineMetric(
            METRICS.sendOutcome,
            { service: 'send-message', outcome: 'ACCEPTED' },
            { period: HOUR },
          ),
        },
        label: 'messages that nobody got, in percent',
        period: HOUR,
      }),
      10,
    ),
  };
};

const atLeast = (metric: MathExpression, threshold: number): Condition => ({
  metric,
  threshold,
  comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  evaluationPeriods: 1,
  missingData: TreatMissingData.NOT_BREACHING,
});
