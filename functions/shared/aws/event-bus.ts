import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE, type TrunklineEvent } from '../contract/events.ts';
import type { EventBus, PublishResult } from '../ports/event-bus.ts';
import { inChunks } from './in-chunks.ts';

/** Amazon EventBridge: PutEvents takes 10 entries; 256 KB is the size that every Region has long taken for them together. */
const MAXIMUM_ENTRIES = 10;
const MAXIMUM_BYTES = 262_144;

/** The event bus on EventBridge. A call that fails as a whole is a failure of its entries: others may have passed. */
export const createEventBus = (client: Pick<EventBridgeClient, 'send'>, eventBusName: string): EventBus => ({
  publish: async (events) => {
    const entries = events.map((event, index) => ({ index, value: toEntry(event, eventBusName) }));
    const limits = { count: MAXIMUM_ENTRIES, bytes: MAXIMUM_BYTES, sizeOf: entryBytes };
    const failed: PublishResult['failed'][number][] = [];
    for (const chunk of inChunks(entries, limits)) failed.push(...(await putChunk(client, chunk)));
    return { failed };
  },
});

type Numbered = { readonly index: number; readonly value: PutEventsRequestEntry };

const putChunk = async (
  client: Pick<EventBridgeClient, 'send'>,
  chunk: readonly Numbered[],
): Promise<PublishResult['failed']> => {
  try {
    const { Entries = [] } = await client.send(
      new PutEventsCommand({ Entries: chunk.map(({ value }) => value) }),
    );
    return chunk.flatMap(({ index }, position) => {
      const result = Entries[position];
      return result?.EventId === undefined ? [{ index, reason: result?.ErrorCode ?? 'NoResult' }] : [];
    });
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'Unknown';
    return chunk.map(({ index }) => ({ index, reason }));
  }
};

const toEntry = (event: TrunklineEvent, eventBusName: string): PutEventsRequestEntry => ({
  EventBusName: eventBusName,
  Source: EVENT_SOURCE,
  DetailType: event.type,
  Detail: JSON.stringify(event),
});

/** As EventBridge counts, which stamps the time itself: 14 bytes for the time, and the UTF-8 bytes of source, detail type and detail. */
const entryBytes = ({ value }: Numbered): number =>
  14 + Buffer.byteLength(`${value.Source}${value.DetailType}${value.Detail}`);
