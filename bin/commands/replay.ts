import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type ReplayProgress, replayEvents } from '../../functions/ingress/replay-events.ts';
import { createEventBus } from '../../functions/shared/aws/event-bus.ts';
import { createSendQueues } from '../../functions/shared/aws/send-queues.ts';
import { createTableClient } from '../../functions/shared/aws/table-client.ts';
import { createDynamoDbClient } from '../../functions/shared/aws/table-client-connection.ts';
import { forEveryTable, TABLES, type TableName } from '../../functions/shared/contract/tables.ts';
import { systemRandomness, systemSleep } from '../../functions/shared/runtime/system.ts';
import type { EnvironmentConfiguration } from '../../lib/config/environment-configuration.ts';
import { localAws } from '../platform/local-aws.ts';
import { readConfiguration } from '../platform/read-configuration.ts';
import { CommandError } from './command-error.ts';

export interface ReplayOptions {
  readonly from: string;
  readonly to: string;
  readonly environment: string;
  readonly context: Readonly<Record<string, string>>;
  readonly segments: number;
}

const MOST_SEGMENTS = 64;

/** Publishes a window of events again, with the operator's own AWS credentials (or the local platform's). */
export async function replay(options: ReplayOptions): Promise<void> {
  const window = { from: instant('--from', options.from), to: instant('--to', options.to) };
  if (window.from >= window.to) throw new CommandError('--from must lie before --to');
  if (!Number.isInteger(options.segments) || options.segments < 1 || options.segments > MOST_SEGMENTS) {
    throw new CommandError(`--segments is a whole number from 1 to ${MOST_SEGMENTS}`);
  }
  const configuration = readConfiguration(options.environment, options.context);
  if (configuration.local) Object.assign(process.env, localAws());
  const tables = (Object.keys(TABLES) as TableName[]).filter((table) => TABLES[table].outbox);
  const result = await replayEvents(
    { ...window, tables, segments: options.segments },
    await ports(options.environment, configuration),
  );
  process.stderr.write('\n');
  console.log(
    `${result.scanned} items of the window, ${result.republished} events and dispatches republished, ${result.failed} items failed`,
  );
  if (result.failed > 0)
    throw new CommandError('some items could not be republished; run the same command again');
}

function instant(name: string, text: string): string {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw new CommandError(`${name}: ${text} is not a time (ISO 8601)`);
  return new Date(milliseconds).toISOString();
}

async function ports(name: string, configuration: EnvironmentConfiguration) {
  const sqs = new SQSClient({});
  const tableName = (table: TableName): string => configuration.tables[table] ?? `trunkline-${name}-${table}`;
  const queueUrls = await Promise.all(
    configuration.pools.map(async (pool) => {
      const { QueueUrl } = await sqs.send(
        new GetQueueUrlCommand({ QueueName: `trunkline-${name}-send-${pool.name}` }),
      );
      return [pool.name, QueueUrl ?? ''] as const;
    }),
  );
  return {
    tables: createTableClient({
      client: createDynamoDbClient(),
      tableNames: forEveryTable(tableName),
      random: systemRandomness,
      sleep: systemSleep,
    }),
    eventBus: createEventBus(new EventBridgeClient({}), `trunkline-${name}-events`),
    sendQueues: createSendQueues(sqs, Object.fromEntries(queueUrls)),
    randomness: systemRandomness,
    sleep: systemSleep,
    report: showProgress,
  };
}

const showProgress = ({ scanned, republished, failed }: ReplayProgress): void => {
  process.stderr.write(`\r  ${scanned} items, ${republished} republished, ${failed} failed`);
};
