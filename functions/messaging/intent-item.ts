import * as z from 'zod';
import { SendChannel, TrafficClass } from '../shared/contract/settings.ts';
import type { Item } from '../shared/ports/table-client.ts';
import { dueShardOf, PARKED_SHARD } from './domain/dispatching.ts';
import { INTENT_STATES, type Intent } from './domain/intent.ts';
import type { Transition } from './domain/intent-event.ts';
import { INTENT_RETENTION_SECONDS } from './domain/timing.ts';

const StoredIntent = z.object({
  id: z.string(),
  version: z.int(),
  state: z.enum(INTENT_STATES),
  clientId: z.string(),
  requestHash: z.string(),
  accountSid: z.string(),
  channel: SendChannel,
  trafficClass: TrafficClass,
  pool: z.string(),
  messagingServiceSid: z.string(),
  to: z.string().exactOptional(),
  body: z.string().exactOptional(),
  mediaUrls: z.array(z.string()).exactOptional(),
  correlationId: z.string(),
  causationId: z.string().exactOptional(),
  inReplyTo: z.string().exactOptional(),
  tags: z.array(z.string()).exactOptional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  notBefore: z.number(),
  deadline: z.number(),
  validitySeconds: z.number(),
  dueAt: z.iso.datetime().exactOptional(),
  attempt: z
    .object({ number: z.int(), token: z.string(), owner: z.string(), armedAt: z.number() })
    .exactOptional(),
  owner: z.string(),
  messageSid: z.string().exactOptional(),
  acceptedAt: z.number().exactOptional(),
  evidence: z.enum(['response', 'callback', 'list']).exactOptional(),
  otherMessageSids: z.array(z.string()).exactOptional(),
  reports: z.array(z.object({ status: z.string(), errorCode: z.int().exactOptional() })),
  status: z.object({ state: z.string(), errorCode: z.int().exactOptional() }).exactOptional(),
  errorCode: z.int().exactOptional(),
  reason: z.string().exactOptional(),
});

export const intentKey = (intentId: string): Item => ({ pk: `INTENT#${intentId}`, sk: 'INTENT' });

/** The item of a transition's intent, with its outbox and its place in the due-index. */
export function intentItem({ intent, outbox }: Transition): Item {
  const { dueAt: _dueAt, ...attributes } = intent;
  return {
    ...intentKey(intent.id),
    ...attributes,
    ...placeInIndex(intent),
    ...(outbox.length > 0 ? { outbox, outboxAt: new Date(intent.updatedAt).toISOString() } : {}),
    expiresAt: Math.floor(intent.createdAt / 1000) + INTENT_RETENTION_SECONDS,
  };
}

/** Parked intents are listed in the order in which they were parked; the others come up when they are due. */
function placeInIndex(intent: Intent): Item {
  if (intent.state === 'PARKED') {
    return { dueShard: PARKED_SHARD, dueAt: new Date(intent.updatedAt).toISOString() };
  }
  if (intent.dueAt === undefined) return {};
  return { dueShard: dueShardOf(intent.id), dueAt: new Date(intent.dueAt).toISOString() };
}

/** @throws ZodError for an item that no version of Trunkline wrote. */
export function intentOfItem(item: Item): Intent {
  const { dueAt, ...intent } = StoredIntent.parse(item);
  return dueAt === undefined ? intent : { ...intent, dueAt: Date.parse(dueAt) };
}
