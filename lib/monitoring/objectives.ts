import type { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from '../../functions/shared/contract/metrics.ts';
import type { Environment } from '../config/environment-configuration.ts';
import type { Objective } from './burn-rate.ts';
import { dashboardLink } from './console-links.ts';
import { apiMetric, trunklineMetric } from './metrics.ts';

const WEBHOOK_RECEIVER = 'receive-webhook';
const CALL_ANSWERER = 'answer-call';

/** Consumers whose effect a user waits for; they emit AcknowledgementToEffect{service}. */
const EFFECT_WORKERS = ['handle-inbound-message', 'record-status'] as const;

/** The objectives that alarm by burn rate; windows, factors and the traffic guard are in burn-rate.ts. */
export const objectives = (environment: Environment, hooksApiId: string): readonly Objective[] => [
  webhookSuccess(environment, hooksApiId),
  acknowledgementTime(environment),
  acknowledgementToEffect(environment),
  callAnswerTime(environment),
];

/**
 * Authentic webhooks that were acknowledged: Webhook{service, outcome} counts the good ones, the API's own 5xx the bad
 * ones, so that a crashed, throttled or timed-out function counts too. Forged requests count for nothing.
 */
const webhookSuccess = (environment: Environment, hooksApiId: string): Objective => ({
  kind: 'webhook-success',
  targetPercent: 99.95,
  indicator: {
    metrics: (window) => ({
      accepted: webhooks('accepted', window),
      duplicate: webhooks('duplicate', window),
      failed: apiMetric(hooksApiId, '5xx', window),
    }),
    bad: 'FILL(failed,0)',
    total: 'FILL(accepted,0) + FILL(duplicate,0) + FILL(failed,0)',
  },
  failureImpact:
    'Too many webhooks fail: inbound messages and statuses are late, and lost once Twilio gives up.',
  consoleLink: dashboardLink(environment),
});

const webhooks = (outcome: string, period: Duration) =>
  trunklineMetric(METRICS.webhook, { service: WEBHOOK_RECEIVER, outcome }, { period });

/** AcknowledgementTime{service}: 99 % within 500 ms. */
const acknowledgementTime = (environment: Environment): Objective => ({
  kind: 'acknowledgement-time',
  targetPercent: 99,
  indicator: {
    metrics: (window) => slow(METRICS.acknowledgementTime, [WEBHOOK_RECEIVER], 500, window),
    ...slowShare(1),
  },
  failureImpact: 'Webhooks are answered slowly; Twilio gives up on an answer after 15 seconds.',
  consoleLink: dashboardLink(environment),
});

/** AcknowledgementToEffect{service}: 99.5 % within 5 s, over all workers that a user waits for. */
const acknowledgementToEffect = (environment: Environment): Objective => ({
  kind: 'acknowledgement-to-effect',
  targetPercent: 99.5,
  indicator: {
    metrics: (window) => slow(METRICS.acknowledgementToEffect, EFFECT_WORKERS, 5000, window),
    ...slowShare(EFFECT_WORKERS.length),
  },
  failureImpact: 'Acknowledged webhooks take effect late: replies and delivery states lag behind.',
  consoleLink: dashboardLink(environment),
});

/** CallAnswerTime{service}: 95 % of all TwiML within 200 ms. */
const callAnswerTime = (environment: Environment): Objective => ({
  kind: 'call-answer-time',
  targetPercent: 95,
  indicator: {
    metrics: (window) => slow(METRICS.callAnswerTime, [CALL_ANSWERER], 200, window),
    ...slowShare(1),
  },
  failureImpact: 'Callers hear silence between a key and its answer; past 2.5 s they hear the apology.',
  consoleLink: dashboardLink(environment),
});

type TimeMetric =
  | typeof METRICS.acknowledgementTime
  | typeof METRICS.acknowledgementToEffect
  | typeof METRICS.callAnswerTime;

/** Per service the number of measurements, and the percentage of them at or below the limit (percentile rank). */
const slow = (metric: TimeMetric, services: readonly string[], limitMilliseconds: number, period: Duration) =>
  Object.fromEntries(
    services.flatMap((service, at) => [
      [`n${at}`, trunklineMetric(metric, { service }, { statistic: Stats.SAMPLE_COUNT, period })],
      [
        `p${at}`,
        trunklineMetric(
          metric,
          { service },
          { statistic: Stats.percentileRank(0, limitMilliseconds), period },
        ),
      ],
    ]),
  );

const slowShare = (services: number) => {
  const each = Array.from({ length: services }, (_, at) => at);
  return {
    bad: each.map((at) => `FILL(n${at},0) * (100 - FILL(p${at},100)) / 100`).join(' + '),
    total: each.map((at) => `FILL(n${at},0)`).join(' + '),
  };
};
