import { describe, expect, test } from '@jest/globals';
import { type ReplayProgress, replayEvents } from '../../../functions/ingress/replay-events.ts';
import type { Item, Page, Scan } from '../../../functions/shared/ports/table-client.ts';
import { MemoryBus, MemorySendQueues } from '../../fakes/ingress/memory-bus.ts';

const item = (key: string, outboxAt: string): Item => ({
  pk: key,
  outboxAt,
  outbox: [
    {
      kind: 'event',
      event: {
        id: `inbox/${key}/1/0`,
        time: outboxAt,
        accountSid: 'AC1',
        correlationId: key,
        type: 'debugger.reported.v1',
        data: {},
      },
    },
    { kind: 'dispatch', pool: 'p', intentId: key, delaySeconds: 0 },
  ],
});

/** Evaluates the one filter that replay uses; pages of two. */
const tablesOf = (items: readonly Item[]) => ({
  scan: async ({ segment, totalSegments, filter, after }: Scan): Promise<Page> => {
    expect(filter?.expression).toBe('attribute_exists(#outbox) AND #outboxAt BETWEEN :from AND :to');
    const own = items.filter((_item, index) => index % totalSegments === segment);
    const start = after === undefined ? 0 : own.findIndex(({ pk }) => pk === after.pk) + 1;
    const page = own.slice(start, start + 2);
    const { ':from': from = '', ':to': to = '' } = filter?.values ?? {};
    const last = page.at(-1);
    return {
      items: page.filter(
        ({ outbox, outboxAt = '' }) =>
          outbox !== undefined && String(outboxAt) >= String(from) && String(outboxAt) <= String(to),
      ),
      ...(start + 2 < own.length && last !== undefined && { next: { pk: last.pk } }),
    };
  },
});

const harness = (items: readonly Item[]) => {
  const bus = new MemoryBus();
  const queues = new MemorySendQueues();
  const reports: ReplayProgress[] = [];
  const ports = {
    tables: tablesOf(items),
    eventBus: bus,
    sendQueues: queues,
    randomness: { token: () => 'token', fraction: () => 0 },
    sleep: async () => undefined,
    report: (progress: ReplayProgress) => reports.push(progress),
  };
  const command = {
    tables: ['inbox', 'messaging'] as const,
    from: '2026-03-01T10:00:00.000Z',
    to: '2026-03-01T11:00:00.000Z',
    segments: 3,
  };
  return { bus, queues, reports, replay: () => replayEvents(command, ports) };
};

const hour = (minutes: number) => new Date(Date.UTC(2026, 2, 1, 10, minutes)).toISOString();

describe('a replay', () => {
  const items = [
    item('early', '2026-03-01T09:59:59.999Z'),
    ...Array.from({ length: 20 }, (_, index) => item(`k${index}`, hour(index * 3))),
    item('late', '2026-03-01T11:00:00.001Z'),
    { pk: 'without-outbox', outboxAt: hour(1) },
  ];

  test('republishes every entry of the window from every table, dispatches included, and no other', async () => {
    const { bus, queues, reports, replay } = harness(items);
    expect(await replay()).toEqual({ scanned: 40, republished: 80, failed: 0 });
    expect(new Set(bus.published.map(({ correlationId }) => correlationId)).size).toBe(20);
    expect(queues.sent.length).toBe(40);
    expect(reports.at(-1)).toEqual({ scanned: 40, republished: 80, failed: 0 });
    expect(reports.length).toBeGreaterThan(3);
  });

  test('done twice gives the same event ids, so that nothing changes twice', async () => {
    const { bus, replay } = harness(items);
    await replay();
    const first = new Set(bus.published.map(({ id }) => id));
    await replay();
    expect(new Set(bus.published.map(({ id }) => id))).toEqual(first);
  });

  test('counts what could not be republished and goes on', async () => {
    const { bus, replay } = harness([...items, { pk: 'odd', outbox: 'odd', outboxAt: hour(2) }]);
    bus.refusals.set('inbox/k3/1/0', 'always');
    expect(await replay()).toEqual({ scanned: 42, republished: 78, failed: 4 });
  });
});
