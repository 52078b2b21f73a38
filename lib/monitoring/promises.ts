import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS, type MetricName } from '../../functions/shared/contract/metrics.ts';
import { type Deployment, resourceName } from '../deployment.ts';
import type { Condition, SingleAlarm } from './alarm-registry.ts';
import { countAlarm } from './alarms.ts';
import { dashboardLink, functionLink } from './console-links.ts';
import { trunklineMetric } from './metrics.ts';

/**
 * Alarms on the contract's own metrics: what must never happen, from its first count, and the rate of unknown outcomes.
 * All these metrics carry the dimension `service`; SendOutcome and Webhook carry `outcome` as well.
 */
export const promiseAlarms = (deployment: Deployment): readonly SingleAlarm[] => [
  ...duplicateAlarms(deployment),
  countOf(deployment, 'reshape', 'receive-webhook', {
    metricName: METRICS.reshape,
    failureImpact: 'Somebody sends re-shaped copies of signed requests; they were refused.',
  }),
  countOf(deployment, 'replay-mismatch', 'receive-webhook', {
    metricName: METRICS.replayMismatch,
    failureImpact: 'A known message arrived again with other content; it changed nothing.',
  }),
  countOf(deployment, 'publish-poisoned', 'publish-events', {
    metricName: METRICS.publishPoisoned,
    failureImpact:
      'Events of an item were given up: its reply, send or timeline row is missing until republished.',
  }),
  {
    ...countOf(deployment, 'unknown-status', 'record-status', {
      metricName: METRICS.unknownStatus,
      failureImpact:
        'Twilio reports a status word that Trunkline does not know; it is kept, and ranked lowest.',
    }),
    severity: 'ticket',
  },
  countOf(deployment, 'ledger-mismatch', 'audit-ledger', {
    metricName: METRICS.ledgerMismatch,
    failureImpact:
      "Our books and Twilio's differ: a message was sent that we do not know of, or one that we report was not.",
  }),
  ...callRecordAlarms(deployment),
  unknownOutcomesAlarm(deployment),
  callApologyAlarm(deployment),
  ...parkedAlarms(deployment),
];

/** What was recorded without its proof, what cannot be copied or deleted, and hand-offs that say too much. */
const callRecordAlarms = (deployment: Deployment): readonly SingleAlarm[] => [
  {
    ...countOf(deployment, 'recording-quarantined', 'keep-recordings', {
      metricName: METRICS.recordingQuarantined,
      failureImpact:
        'A call was recorded without the notice that the law wants; the recording is withheld or deleted.',
    }),
    severity: 'ticket',
  },
  {
    ...countOf(deployment, 'recording-stuck', 'keep-recordings', {
      metricName: METRICS.recordingStuck,
      failureImpact: 'A recording can be neither copied nor deleted; it stays at Twilio beyond its time.',
    }),
    severity: 'ticket',
  },
  {
    ...countOf(deployment, 'personal-task-attribute', 'record-task', {
      metricName: METRICS.personalTaskAttribute,
      failureImpact:
        'A hand-off to agents carries personal data in its attributes, where Twilio keeps it for 30 days.',
    }),
    severity: 'ticket',
  },
];

/** Both functions that can find a second MessageSid for one intent. */
const duplicateAlarms = (deployment: Deployment): readonly SingleAlarm[] =>
  (['send-message', 'record-status'] as const).map((service) =>
    countOf(deployment, 'duplicate-detected', service, {
      metricName: METRICS.duplicateDetected,
      failureImpact: 'Somebody got the same message twice: the promise of no duplicate sends is broken.',
    }),
  );

const countOf = (
  deployment: Deployment,
  kind: SingleAlarm['kind'],
  service: string,
  { metricName, failureImpact }: Pick<Parameters<typeof countAlarm>[0], 'metricName' | 'failureImpact'>,
): SingleAlarm =>
  countAlarm({
    kind,
    subject: service,
    severity: 'page',
    failureImpact,
    metricName,
    service,
    consoleLink: linkOf(deployment, service),
  });

/** The minute tick counts what waits for an operator: any is a ticket, one that waits too long wakes somebody. */
const parkedAlarms = ({ environment }: Deployment): readonly SingleAlarm[] => {
  const parked = (metricName: MetricName, threshold: number): Condition => ({
    metric: trunklineMetric(metricName, { service: 'dispatch-due' }, { statistic: Stats.MAXIMUM }),
    threshold,
    comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    missingData: TreatMissingData.NOT_BREACHING,
  });
  const about = { kind: 'parked-messages', consoleLink: dashboardLink(environment) } as const;
  return [
    {
      ...about,
      subject: 'waiting',
      severity: 'ticket',
      failureImpact: 'Nobody knows whether these messages were sent; they wait for an operator to decide.',
      condition: parked(METRICS.parked, 1),
    },
    {
      ...about,
      subject: 'overdue',
      severity: 'page',
      failureImpact:
        'Messages of unknown outcome have been waiting for an operator for more than four hours.',
      condition: parked(METRICS.parkedAge, Duration.hours(4).toMilliseconds()),
    },
  ];
};

/** Every pool has a sender of its own; they share the service name. */
const linkOf = (deployment: Deployment, service: string): string =>
  service === 'send-message'
    ? dashboardLink(deployment.environment)
    : functionLink(deployment.environment, resourceName(deployment, service));

/**
 * SendOutcome{service, outcome}, and the minute tick's DueIntent{service, outcome} for sends that crashed: more than
 * 0.1 % of an hour's posts unknown, and at least three of them.
 */
const unknownOutcomesAlarm = ({ environment }: Deployment): SingleAlarm => {
  const period = Duration.hours(1);
  const sends = (outcome: string) =>
    trunklineMetric(METRICS.sendOutcome, { service: 'send-message', outcome }, { period });
  const unknown = '(FILL(unknown,0) + FILL(crashed,0))';
  return {
    kind: 'unknown-outcomes',
    subject: 'send-message',
    severity: 'page',
    failureImpact:
      'Sends whose outcome is not known wait for evidence; they are neither repeated nor confirmed.',
    consoleLink: dashboardLink(environment),
    condition: {
      metric: new MathExpression({
        expression: `IF(${unknown} >= 3, 100 * ${unknown} / (FILL(accepted,0) + FILL(rejected,0) + ${unknown}), 0)`,
        usingMetrics: {
          accepted: sends('ACCEPTED'),
          rejected: sends('REJECTED'),
          unknown: sends('UNKNOWN'),
          crashed: trunklineMetric(
            METRICS.dueIntent,
            { service: 'dispatch-due', outcome: 'unknown' },
            { period },
          ),
        },
        label: 'unknown outcomes in percent of posts',
        period,
      }),
      threshold: 0.1,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      missingData: TreatMissingData.NOT_BREACHING,
    },
  };
};

/** One apology is one caller led to a person; several in five minutes are a fault that is still there. */
const callApologyAlarm = (deployment: Deployment): SingleAlarm => ({
  kind: 'call-apology',
  subject: 'answer-call',
  severity: 'page',
  failureImpact: 'Callers hear an apology and the fallback number instead of their flow.',
  consoleLink: linkOf(deployment, 'answer-call'),
  condition: {
    metric: trunklineMetric(METRICS.callApology, { service: 'answer-call' }, { period: Duration.minutes(5) }),
    threshold: 5,
    comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    missingData: TreatMissingData.NOT_BREACHING,
  },
});
