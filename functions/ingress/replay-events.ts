import type { TableName } from '../shared/contract/tables.ts';
import type { Expression, Item, TableClient } from '../shared/ports/table-client.ts';
import { type OutboxPorts, publishOutboxes } from './publish-outbox.ts';
import { readOutbox } from './read-outbox.ts';

export interface ReplayCommand {
  /** Tables whose items have an outbox. */
  readonly tables: readonly TableName[];
  /** Window of `outboxAt`, both ends included, ISO 8601 with milliseconds. */
  readonly from: string;
  readonly to: string;
  /** Parallel segments of each table's scan. */
  readonly segments: number;
}

export interface ReplayProgress {
  /** Items that the scans gave back: those written within the window. */
  readonly scanned: number;
  /** Entries that the bus and the queues took. */
  readonly republished: number;
  /** Items that could not be republished whole. */
  readonly failed: number;
}

export interface ReplayPorts extends OutboxPorts {
  readonly tables: Pick<TableClient, 'scan'>;
  /** Told after every page. */
  readonly report: (progress: ReplayProgress) => void;
}

/**
 * Publishes again what was written within a window, from the tables, which do not forget as streams do. Events keep their
 * ids and arming is conditional, so that nothing changes twice.
 */
export const replayEvents = async (command: ReplayCommand, ports: ReplayPorts): Promise<ReplayProgress> => {
  let progress: ReplayProgress = { scanned: 0, republished: 0, failed: 0 };
  const add = (page: ReplayProgress) => {
    progress = {
      scanned: progress.scanned + page.scanned,
      republished: progress.republished + page.republished,
      failed: progress.failed + page.failed,
    };
    ports.report(progress);
  };
  const segments = command.tables.flatMap((table) =>
    Array.from({ length: command.segments }, (_, segment) =>
      replaySegment({ table, segment, command }, ports, add),
    ),
  );
  await Promise.all(segments);
  return progress;
};

const replaySegment = async (
  { table, segment, command }: { table: TableName; segment: number; command: ReplayCommand },
  ports: ReplayPorts,
  add: (page: ReplayProgress) => void,
): Promise<void> => {
  const scan = { table, segment, totalSegments: command.segments, filter: writtenWithin(command) };
  let after: Item | undefined;
  do {
    const page = await ports.tables.scan({ ...scan, ...(after !== undefined && { after }) });
    if (page.items.length > 0) add(await replayItems(page.items, ports));
    after = page.next;
  } while (after !== undefined);
};

const replayItems = async (items: readonly Item[], ports: ReplayPorts): Promise<ReplayProgress> => {
  const read = items.map(readOutbox);
  const outboxes = read.flatMap((outbox) => (outbox.kind === 'entries' ? [outbox] : []));
  const unreadable = read.filter(({ kind }) => kind === 'unreadable').length;
  const { published, failed } = await publishOutboxes(outboxes, ports);
  return { scanned: items.length, republished: published, failed: failed.size + unreadable };
};

const writtenWithin = ({ from, to }: ReplayCommand): Expression => ({
  expression: 'attribute_exists(#outbox) AND #outboxAt BETWEEN :from AND :to',
  names: { '#outbox': 'outbox', '#outboxAt': 'outboxAt' },
  values: { ':from': from, ':to': to },
});
