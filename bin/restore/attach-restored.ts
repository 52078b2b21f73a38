import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { TableShape } from '../../functions/shared/contract/tables.ts';
import type { Sleep } from '../../functions/shared/ports/randomness.ts';
import { CommandError } from '../commands/command-error.ts';

export interface AttachRestored {
  readonly name: string;
  readonly shape: TableShape;
  readonly protection: { readonly deletionProtection: boolean; readonly pointInTimeRecovery: boolean };
  readonly dryRun: boolean;
}

export interface AttachPorts {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly sleep: Sleep;
}

/** What was missing and is there now; nothing where everything was there, as after an earlier run. */
export interface Attached {
  readonly steps: readonly string[];
}

const POLL_MILLISECONDS = 2_000;
const MOST_POLLS = 300;

/** A table restored from a backup has its items and indexes, and none of what makes it one of the deployment's. */
export async function attachRestored(wanted: AttachRestored, ports: AttachPorts): Promise<Attached> {
  const table = await untilActive(wanted.name, ports);
  checkShape(table, wanted);
  const steps = [
    ...(await attachStream(table, wanted, ports)),
    ...(await attachExpiry(wanted, ports)),
    ...(await attachRecovery(wanted, ports)),
    ...(await protect(table, wanted, ports)),
  ];
  return { steps };
}

async function untilActive(name: string, { client, sleep }: AttachPorts): Promise<TableDescription> {
  for (let polls = 0; polls < MOST_POLLS; polls += 1) {
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (table?.TableStatus === 'ACTIVE') return table;
    await sleep(POLL_MILLISECONDS);
  }
  throw new CommandError(`${name} does not become active; run the same command again later`);
}

/** @throws CommandError where it is the table of something else */
function checkShape(
  { KeySchema = [], GlobalSecondaryIndexes = [] }: TableDescription,
  { name, shape }: AttachRestored,
): void {
  const wanted = [shape.partitionKey, ...(shape.sortKey === undefined ? [] : [shape.sortKey])];
  const found = KeySchema.map(({ AttributeName }) => AttributeName);
  if (found.join() !== wanted.join())
    throw new CommandError(`${name} has the key ${found.join()}, not ${wanted.join()}: is it another table?`);
  const indexes = new Set(GlobalSecondaryIndexes.map(({ IndexName }) => IndexName));
  const missing = Object.keys(shape.indexes).filter((index) => !indexes.has(index));
  if (missing.length > 0)
    throw new CommandError(
      `${name} was restored without its index ${missing.join()}: restore it with all indexes`,
    );
}

async function attachStream(
  { StreamSpecification: stream }: TableDescription,
  { name, shape, dryRun }: AttachRestored,
  ports: AttachPorts,
): Promise<readonly string[]> {
  if (!shape.outbox || stream?.StreamEnabled === true) {
    const view = stream?.StreamViewType;
    if (shape.outbox && view !== 'NEW_IMAGE')
      throw new CommandError(
        `${name} has a stream of ${view}; publish-events reads NEW_IMAGE: disable it first`,
      );
    return [];
  }
  if (!dryRun) {
    const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } as const;
    await ports.client.send(new UpdateTableCommand({ TableName: name, StreamSpecification }));
    await untilActive(name, ports);
  }
  return ['attach the stream (NEW_IMAGE)'];
}

async function attachExpiry(
  { name, shape, dryRun }: AttachRestored,
  { client }: AttachPorts,
): Promise<readonly string[]> {
  const { TimeToLiveDescription: ttl } = await client.send(
    new DescribeTimeToLiveCommand({ TableName: name }),
  );
  if (ttl?.TimeToLiveStatus === 'ENABLED' || ttl?.TimeToLiveStatus === 'ENABLING') return [];
  const AttributeName = shape.timeToLiveAttribute;
  if (!dryRun) {
    const TimeToLiveSpecification = { Enabled: true, AttributeName };
    await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
  }
  return [`attach the expiry by ${AttributeName}`];
}

async function attachRecovery(
  { name, protection, dryRun }: AttachRestored,
  { client }: AttachPorts,
): Promise<readonly string[]> {
  if (!protection.pointInTimeRecovery) return [];
  const { ContinuousBackupsDescription: backups } = await client.send(
    new DescribeContinuousBackupsCommand({ TableName: name }),
  );
  if (backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED') return [];
  if (!dryRun) {
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await client.send(
      new UpdateContinuousBackupsCommand({ TableName: name, PointInTimeRecoverySpecification }),
    );
  }
  return ['attach point-in-time recovery'];
}

async function protect(
  { DeletionProtectionEnabled: isProtected = false }: TableDescription,
  { name, protection, dryRun }: AttachRestored,
  ports: AttachPorts,
): Promise<readonly string[]> {
  if (!protection.deletionProtection || isProtected) return [];
  if (!dryRun) {
    await ports.client.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: true }));
    await untilActive(name, ports);
  }
  return ['protect it from deletion'];
}
