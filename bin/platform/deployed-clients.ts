import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetQueueUrlCommand, QueueDoesNotExist, SQSClient } from '@aws-sdk/client-sqs';
import { createAccountSecrets } from '../../functions/shared/aws/account-secrets.ts';
import { createEventBus } from '../../functions/shared/aws/event-bus.ts';
import { createSendQueues } from '../../functions/shared/aws/send-queues.ts';
import { createTableClient } from '../../functions/shared/aws/table-client.ts';
import { createDynamoDbClient } from '../../functions/shared/aws/table-client-connection.ts';
import { SETTLEMENT_QUEUE } from '../../functions/shared/contract/outbox.ts';
import { forEveryTable, type TableName } from '../../functions/shared/contract/tables.ts';
import type { EventBus } from '../../functions/shared/ports/event-bus.ts';
import type { SendQueues } from '../../functions/shared/ports/send-queues.ts';
import type { TableClient } from '../../functions/shared/ports/table-client.ts';
import type { TwilioCallLedger } from '../../functions/shared/ports/twilio-call-ledger.ts';
import type { TwilioLedger } from '../../functions/shared/ports/twilio-ledger.ts';
import { systemClock, systemRandomness, systemSleep } from '../../functions/shared/runtime/system.ts';
import { createTwilioCallLedger } from '../../functions/shared/twilio/call-ledger-client.ts';
import { createTwilioLedger } from '../../functions/shared/twilio/ledger-client.ts';
import type { EnvironmentConfiguration } from '../../lib/config/environment-configuration.ts';
import { CommandError } from '../commands/command-error.ts';
import { localAws } from './local-aws.ts';
import { readLocalFile } from './local-file.ts';
import { readConfiguration } from './read-configuration.ts';

export interface DeploymentOptions {
  readonly environment: string;
  /** Configuration values given by `-c`. */
  readonly context: Readonly<Record<string, string>>;
}

/** A deployment as an operator reaches it: with their own AWS credentials, or those of the local platform. */
export interface DeployedClients {
  readonly configuration: EnvironmentConfiguration;
  readonly sqs: SQSClient;
  readonly tables: TableClient;
  readonly eventBus: EventBus;
  /** Twilio's books, by the deployment's own account secrets. */
  readonly ledger: () => TwilioLedger;
  readonly callLedger: () => TwilioCallLedger;
  readonly tableName: (table: TableName) => string;
  /** @throws CommandError where the deployment has no such queue */
  readonly queueUrl: (name: string) => Promise<string>;
  /** The queues of all pools, and the settlement queue. */
  readonly sendQueues: () => Promise<SendQueues>;
}

export const reachDeployment = ({ environment, context }: DeploymentOptions): DeployedClients => {
  const configuration = readConfiguration(environment, context);
  if (configuration.local) Object.assign(process.env, localAws());
  const sqs = new SQSClient({});
  const tableName = (table: TableName): string =>
    configuration.tables[table] ?? `trunkline-${environment}-${table}`;
  const queueUrl = (name: string): Promise<string> => findQueue(sqs, `trunkline-${environment}-${name}`);
  return {
    configuration,
    sqs,
    tables: tablesNamed(tableName),
    eventBus: createEventBus(new EventBridgeClient({}), `trunkline-${environment}-events`),
    ledger: () => createTwilioLedger(twilioOf(configuration)),
    callLedger: () => createTwilioCallLedger(twilioOf(configuration)),
    tableName,
    queueUrl,
    sendQueues: async () => createSendQueues(sqs, await sendQueueUrls(configuration, queueUrl)),
  };
};

export const tablesNamed = (tableName: (table: TableName) => string): TableClient =>
  createTableClient({
    client: createDynamoDbClient(),
    tableNames: forEveryTable(tableName),
    random: systemRandomness,
    sleep: systemSleep,
  });

const twilioOf = ({ local, twilio }: EnvironmentConfiguration) => ({
  baseUrl: local ? (readLocalFile()?.simulatorUrl ?? twilio.baseUrl) : twilio.baseUrl,
  secrets: createAccountSecrets({ prefix: twilio.secretPrefix, clock: systemClock }),
});

const sendQueueUrls = async (
  { pools }: EnvironmentConfiguration,
  queueUrl: DeployedClients['queueUrl'],
): Promise<Readonly<Record<string, string>>> => {
  const queues = [
    ...pools.map(({ name }) => [name, `send-${name}`] as const),
    [SETTLEMENT_QUEUE, SETTLEMENT_QUEUE] as const,
  ];
  return Object.fromEntries(
    await Promise.all(queues.map(async ([pool, queue]) => [pool, await queueUrl(queue)] as const)),
  );
};

const findQueue = async (sqs: SQSClient, QueueName: string): Promise<string> => {
  try {
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    return QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist)
      throw new CommandError(`there is no queue ${QueueName}`, { cause: error });
    throw error;
  }
};
