import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_NAMESPACE, type MetricName } from '../../functions/shared/contract/metrics.ts';

/**
 * Names, dimensions and statistics of every metric that an alarm or the dashboard reads. Physical names are known at
 * synth, so nothing here makes a stack depend on another one (API ids excepted).
 */
export const MINUTE = Duration.minutes(1);

export const functionMetric = (functionName: string, metricName: string, statistic = Stats.SUM): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: functionName },
    statistic,
    period: MINUTE,
  });

export const queueMetric = (queueName: string, metricName: string): Metric =>
  new Metric({
    namespace: 'AWS/SQS',
    metricName,
    dimensionsMap: { QueueName: queueName },
    statistic: Stats.MAXIMUM,
    period: MINUTE,
  });

export const tableMetric = (tableName: string, metricName: string, operation: string): Metric =>
  new Metric({
    namespace: 'AWS/DynamoDB',
    metricName,
    dimensionsMap: { TableName: tableName, Operation: operation },
    statistic: Stats.SUM,
    period: MINUTE,
  });

export const ruleMetric = (eventBusName: string, ruleName: string, metricName: string): Metric =>
  new Metric({
    namespace: 'AWS/Events',
    metricName,
    dimensionsMap: { EventBusName: eventBusName, RuleName: ruleName },
    statistic: Stats.SUM,
    period: MINUTE,
  });

export const apiMetric = (apiId: string, metricName: '4xx' | '5xx' | 'Count', period = MINUTE): Metric =>
  new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiId: apiId },
    statistic: Stats.SUM,
    period,
  });

/** A metric of the contract: dimensions `service`, and `outcome` where the contract says so. */
export const trunklineMetric = (
  metricName: MetricName,
  dimensions: { readonly service: string; readonly outcome?: string },
  {
    statistic = Stats.SUM,
    period = MINUTE,
  }: { readonly statistic?: string; readonly period?: Duration } = {},
): Metric =>
  new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { ...dimensions },
    statistic,
    period,
  });
