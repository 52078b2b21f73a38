import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from '../../functions/shared/contract/metrics.ts';
import { type Deployment, resourceName } from '../deployment.ts';
import type { SingleAlarm } from './alarm-registry.ts';
import { functionLink } from './console-links.ts';
import { trunklineMetric } from './metrics.ts';

/** Alarms on what is repaired from Twilio's books, and on the repair falling silent. */
export const repairAlarms = (deployment: Deployment): readonly SingleAlarm[] => [
  inboundRepaired(deployment),
  inboundPollLate(deployment),
  ledgerAuditMissing(deployment),
];

const POLL = 'poll-inbound-messages';
const AUDIT = 'audit-ledger';
const FIVE_MINUTES = Duration.minutes(5);

/** A webhook may get lost now and then; in two of six polls it is the way of the webhooks that is broken. */
const inboundRepaired = (deployment: Deployment): SingleAlarm => ({
  kind: 'inbound-repaired',
  subject: POLL,
  severity: 'ticket',
  failureImpact: 'Webhooks of inbound messages do not arrive; the messages take effect minutes late.',
  consoleLink: functionLink(deployment.environment, resourceName(deployment, POLL)),
  condition: {
    metric: trunklineMetric(METRICS.inboundRepaired, { service: POLL }, { period: FIVE_MINUTES }),
    threshold: 1,
    comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 6,
    datapointsToAlarm: 2,
    missingData: TreatMissingData.NOT_BREACHING,
  },
});

/** The promise is a repair within 15 minutes; no data at all is a poll that does not run. */
const inboundPollLate = (deployment: Deployment): SingleAlarm => ({
  kind: 'inbound-poll-late',
  subject: POLL,
  severity: 'page',
  failureImpact: 'A lost webhook of an inbound message is not made up for, a STOP among them.',
  consoleLink: functionLink(deployment.environment, resourceName(deployment, POLL)),
  condition: {
    metric: trunklineMetric(
      METRICS.inboundPollAge,
      { service: POLL },
      { statistic: Stats.MAXIMUM, period: FIVE_MINUTES },
    ),
    threshold: 900_000,
    comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 3,
    missingData: TreatMissingData.BREACHING,
  },
});

/** No audit has come to its end in 30 hours: a day and its six hours of grace. */
const ledgerAuditMissing = (deployment: Deployment): SingleAlarm => ({
  kind: 'ledger-audit-missing',
  subject: AUDIT,
  severity: 'ticket',
  failureImpact: "Nobody has compared a day's messages with Twilio's list; a mismatch would not be noticed.",
  consoleLink: functionLink(deployment.environment, resourceName(deployment, AUDIT)),
  condition: {
    metric: trunklineMetric(METRICS.ledgerAudited, { service: AUDIT }, { period: Duration.hours(6) }),
    threshold: 1,
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 5,
    missingData: TreatMissingData.BREACHING,
  },
});
