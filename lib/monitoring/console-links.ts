import type { Environment } from '../config/environment-configuration.ts';

const console = ({ configuration }: Environment, path: string): string =>
  `https://${configuration.region}.console.aws.amazon.com/${path}`;

export const functionLink = (environment: Environment, functionName: string): string =>
  console(environment, `lambda/home#/functions/${functionName}?tab=monitoring`);

export const queueLink = (environment: Environment, queueName: string): string => {
  const { account, region } = environment.configuration;
  const url = `https://sqs.${region}.amazonaws.com/${account}/${queueName}`;
  return console(environment, `sqs/v3/home#/queues/${encodeURIComponent(url)}`);
};

export const tableLink = (environment: Environment, tableName: string): string =>
  console(environment, `dynamodbv2/home#table?name=${tableName}&tab=monitoring`);

export const ruleLink = (environment: Environment, eventBusName: string, ruleName: string): string =>
  console(environment, `events/home#/eventbus/${eventBusName}/rules/${ruleName}`);

export const dashboardLink = (environment: Environment): string =>
  console(environment, `cloudwatch/home#dashboards/dashboard/trunkline-${environment.name}`);
