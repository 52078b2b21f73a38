import * as z from 'zod';
import { SendChannel, TrafficClass } from '../shared/contract/settings.ts';
import type { Item } from '../shared/ports/table-client.ts';
import { dueShardOf, PARKED_SHARD } from './domain/dispatching.ts';
import { INTENT_STATES, type Intent } from './domain/intent.ts';
import type { Transition } from './domain/intent-event.ts';
import { INTENT_RETENTION_SECONDS } from './domain/timing.ts';

const StoredAttempt = z.object({
  number: z.int(),
  token: z.string(),
  owner: z.string(),
  armedAt: z.number(),
});

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
  size: z.object({ encoding: z.enum(['GSM-7', 'UCS-2']), segments: z.int() }).exactOptional(),
  correlationId: z.string(),
  causationId: z.string().exactOptional(),
  inReplyTo: z.string().exactOptional(),
  tags: z.array(z.string()).exactOptional(),
  campaign: z.string().exactOptional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  notBefore: z.number(),
  sendAt: z.number().exactOptional(),
  cancelRequestedAt: z.number().exactOptional(),
  deadline: z.number(),
  validitySeconds: z.number(),
  legalUntil: z.number().exactOptional(),
  dueAt: z.iso.datetime().exactOptional(),
  attempt: StoredAttempt.exactOptional(),
  unresolvedAttempts: z.array(StoredAttempt).exactOptional(),
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

/** Parked intents stand together, those first whose content must be erased first; all others are spread. */
function placeInIndex({ id, state, dueAt }: Intent): Item {
  if (dueAt === undefined) return {};
  const dueShard = state === 'PARKED' ? PARKED_SHARD : dueShardOf(id);
  return { dueShard, dueAt: new Date(dueAt).toISOString() };
}

/** @throws ZodError for an item that no version of Trunkline wrote. */
export function intentOfItem(item: Item): Intent {
  const { dueAt, ...intent } = StoredIntent.parse(item);
  return dueAt === undefined ? intent : { ...intent, dueAt: Date.parse(dueAt) };
}
