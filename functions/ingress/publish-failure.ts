import * as z from 'zod';
import type { PublishResult } from '../shared/ports/event-bus.ts';
import type { PublishFailure } from '../shared/ports/send-queues.ts';
import { parseJson } from './domain/json.ts';
import { type OutboxPorts, publishOutboxes } from './publish-outbox.ts';
import { readOutbox } from './read-outbox.ts';

/** A message of the publish-failed queue as publish-events writes it. */
const Message = z.object({
  table: z.string().min(1),
  key: z.string().min(1),
  reason: z.string(),
  entries: z.array(z.unknown()),
});

/** What Lambda itself writes there about a batch that it gave up after 23 hours. */
const GivenUpBatch = z.object({ DDBStreamBatchInfo: z.looseObject({}) });

/**
 * Publishes what was set aside. A message without entries stays in its queue: only a replay of its time can help.
 * @returns by position, what could not be published
 */
export const publishFailures = async (
  bodies: readonly string[],
  ports: OutboxPorts,
): Promise<PublishResult> => {
  const read = bodies.map(readFailure);
  const outboxes = read.map((one) => (one.kind === 'entries' ? one : { entries: [] }));
  const { failed } = await publishOutboxes(outboxes, ports);
  return {
    failed: read.flatMap((one, index) => {
      const reason = one.kind === 'entries' ? failed.get(index)?.reason : one.reason;
      return reason === undefined ? [] : [{ index, reason }];
    }),
  };
};

type FailureReading =
  | { readonly kind: 'entries'; readonly entries: PublishFailure['entries'] }
  | { readonly kind: 'none'; readonly reason: string };

const readFailure = (body: string): FailureReading => {
  const content = parseJson(body);
  if (GivenUpBatch.safeParse(content).success)
    return { kind: 'none', reason: 'a whole batch that the stream gave up: replay its time' };
  const message = Message.safeParse(content);
  const outbox = message.success ? readOutbox({ outbox: message.data.entries }) : undefined;
  if (outbox?.kind === 'entries') return outbox;
  return { kind: 'none', reason: 'no entries that can be read: replay the time of the item' };
};
