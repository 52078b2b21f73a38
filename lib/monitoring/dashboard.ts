import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IWidget, type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { CONSUMERS } from '../../functions/shared/contract/consumers.ts';
import { METRICS } from '../../functions/shared/contract/metrics.ts';
import { type Deployment, resourceName } from '../deployment.ts';
import { apiMetric, functionMetric, queueMetric, trunklineMetric } from './metrics.ts';

/** One page a deployment, in the order of a message's way: webhook, publishing, queues, sends. */
export const createDashboard = (scope: Construct, deployment: Deployment, hooksApiId: string): Dashboard =>
  new Dashboard(scope, 'Dashboard', {
    dashboardName: `trunkline-${deployment.environment.name}`,
    defaultInterval: Duration.hours(6),
    widgets: [webhookRow(hooksApiId), publishingRow(deployment), queueRow(deployment), sendRow()],
  });

const WEBHOOK_OUTCOMES = ['accepted', 'duplicate', 'forged', 'malformed', 'unavailable'] as const;
const SEND_OUTCOMES = ['ACCEPTED', 'REJECTED', 'UNKNOWN', 'PENDING'] as const;

const graph = (title: string, left: readonly Metric[]): IWidget =>
  new GraphWidget({ title, left: [...left], width: 12, height: 6, period: Duration.minutes(1) });

const webhookRow = (hooksApiId: string): IWidget[] => {
  const service = 'receive-webhook';
  return [
    graph('Webhooks by outcome', [
      ...WEBHOOK_OUTCOMES.map((outcome) => trunklineMetric(METRICS.webhook, { service, outcome })),
      apiMetric(hooksApiId, '5xx'),
    ]),
    graph('Acknowledgement time, ms', percentiles(METRICS.acknowledgementTime, service)),
    graph('Answer to a caller, ms', percentiles(METRICS.callAnswerTime, 'answer-call')),
  ];
};

const publishingRow = (deployment: Deployment): IWidget[] => {
  const functionName = resourceName(deployment, 'publish-events');
  const workers = ['handle-inbound-message', 'record-status'];
  return [
    graph('Age of the oldest unpublished change, ms', [
      functionMetric(functionName, 'IteratorAge', Stats.MAXIMUM),
    ]),
    graph(
      'Acknowledgement to effect, ms',
      workers.flatMap((service) => percentiles(METRICS.acknowledgementToEffect, service)),
    ),
  ];
};

const percentiles = (
  metric:
    | typeof METRICS.acknowledgementTime
    | typeof METRICS.acknowledgementToEffect
    | typeof METRICS.callAnswerTime,
  service: string,
) => ['p50', 'p99'].map((statistic) => trunklineMetric(metric, { service }, { statistic }));

const queueRow = (deployment: Deployment): IWidget[] => {
  const pools = deployment.environment.configuration.pools.map((pool) => `send-${pool.name}`);
  const names = [...Object.keys(CONSUMERS), ...pools];
  const each = (metricName: string, suffix = '') =>
    names.map((name) => queueMetric(resourceName(deployment, `${name}${suffix}`), metricName));
  return [
    graph('Age of the oldest message, s', each('ApproximateAgeOfOldestMessage')),
    graph('Dead letters', each('ApproximateNumberOfMessagesVisible', '-dlq')),
  ];
};

const sendRow = (): IWidget[] => [
  graph(
    'Sends by outcome',
    SEND_OUTCOMES.map((outcome) =>
      trunklineMetric(METRICS.sendOutcome, { service: 'send-message', outcome }),
    ),
  ),
  graph('Held and parked', [
    ...['paused', 'frozen', 'rate'].map((outcome) =>
      trunklineMetric(METRICS.sendHeld, { service: 'send-message', outcome }),
    ),
    trunklineMetric(METRICS.parked, { service: 'dispatch-due' }, { statistic: Stats.MAXIMUM }),
  ]),
  graph('Statuses recorded', [trunklineMetric(METRICS.statusRecorded, { service: 'record-status' })]),
];
