import * as z from 'zod';
import { MachineDetection, SendChannel, TrafficClass } from '../shared/contract/settings.ts';
import type { Item } from '../shared/ports/table-client.ts';
import { isAwaitingStatus } from './domain/advance.ts';
import { dueShardOf, PARKED_SHARD } from './domain/dispatching.ts';
import { INTENT_STATES, type Intent, isCall } from './domain/intent.ts';
import type { Transition } from './domain/intent-event.ts';
import { INTENT_RETENTION_SECONDS } from './domain/timing.ts';

const StoredAttempt = z.object({
  number: z.int(),
  token: z.string(),
  owner: z.string(),
  armedAt: z.number(),
});

const StoredReports = z.array(
  z.object({
    status: z.string(),
    errorCode: z.int().exactOptional(),
    sipResponseCode: z.int().exactOptional(),
    sequenceNumber: z.int().exactOptional(),
  }),
);
const StoredView = z.object({
  state: z.string(),
  errorCode: z.int().exactOptional(),
  sipResponseCode: z.int().exactOptional(),
});

const common = {
  id: z.string(),
  version: z.int(),
  state: z.enum(INTENT_STATES),
  clientId: z.string(),
  requestHash: z.string(),
  accountSid: z.string(),
  trafficClass: TrafficClass,
  pool: z.string(),
  to: z.string().exactOptional(),
  timeZone: z.string().exactOptional(),
  postcode: z.string().exactOptional(),
  correlationId: z.string(),
  causationId: z.string().exactOptional(),
  tags: z.array(z.string()).exactOptional(),
  campaign: z.string().exactOptional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  notBefore: z.number(),
  sendAt: z.number().exactOptional(),
  cancelRequestedAt: z.number().exactOptional(),
  deadline: z.number(),
  legalUntil: z.number().exactOptional(),
  dueAt: z.iso.datetime().exactOptional(),
  attempt: StoredAttempt.exactOptional(),
  unresolvedAttempts: z.array(StoredAttempt).exactOptional(),
  refusals: z.int().exactOptional(),
  retryOf: z.string().exactOptional(),
  owner: z.string(),
  acceptedAt: z.number().exactOptional(),
  evidence: z.enum(['response', 'callback', 'list']).exactOptional(),
  reports: StoredReports,
  status: StoredView.exactOptional(),
  errorCode: z.int().exactOptional(),
  reason: z.string().exactOptional(),
};

const StoredMessage = z.object({
  ...common,
  channel: SendChannel,
  messagingServiceSid: z.string(),
  body: z.string().exactOptional(),
  mediaUrls: z.array(z.string()).exactOptional(),
  size: z.object({ encoding: z.enum(['GSM-7', 'UCS-2']), segments: z.int() }).exactOptional(),
  inReplyTo: z.string().exactOptional(),
  purpose: z.literal('opt-out-confirmation').exactOptional(),
  validitySeconds: z.number(),
  messageSid: z.string().exactOptional(),
  otherMessageSids: z.array(z.string()).exactOptional(),
});

const StoredCall = z.object({
  ...common,
  channel: z.literal('voice'),
  from: z.string(),
  flow: z.string(),
  context: z.record(z.string(), z.string()).exactOptional(),
  ringSeconds: z.int(),
  machineDetection: MachineDetection.exactOptional(),
  smsFallback: z.object({ body: z.string(), trafficClass: TrafficClass }).exactOptional(),
  earlierCalls: z
    .array(z.object({ sid: z.string(), attempt: z.int(), reports: StoredReports, status: StoredView }))
    .exactOptional(),
  concludedAt: z.number().exactOptional(),
  callSid: z.string().exactOptional(),
  otherCallSids: z.array(z.string()).exactOptional(),
});

const StoredIntent = z.discriminatedUnion('channel', [StoredMessage, StoredCall]);

export const intentKey = (intentId: string): Item => ({ pk: `INTENT#${intentId}`, sk: 'INTENT' });

/** The item of a transition's intent, with its outbox and its place in the due-index. */
export function intentItem({ intent, outbox }: Transition): Item {
  const { dueAt: _dueAt, sid, otherSids, ...attributes } = intent;
  return {
    ...intentKey(intent.id),
    ...attributes,
    ...(isCall(intent)
      ? { callSid: sid, otherCallSids: otherSids }
      : { messageSid: sid, otherMessageSids: otherSids }),
    ...placeInIndex(intent),
    ...placeForRecipient(intent),
    ...(outbox.length > 0 ? { outbox, outboxAt: new Date(intent.updatedAt).toISOString() } : {}),
    expiresAt: Math.floor(Math.max(intent.createdAt, intent.deadline) / 1000) + INTENT_RETENTION_SECONDS,
  };
}

/** Parked intents stand together, those first whose content must be erased first; all others are spread. */
function placeInIndex({ id, state, dueAt }: Intent): Item {
  if (dueAt === undefined) return {};
  const dueShard = state === 'PARKED' ? PARKED_SHARD : dueShardOf(id);
  return { dueShard, dueAt: new Date(dueAt).toISOString() };
}

/** Only what an opt-out could still take back. */
function placeForRecipient(intent: Intent): Item {
  const { state, to, sendAt, notBefore, cancelRequestedAt } = intent;
  const isAtTwilio = state === 'ACCEPTED' && sendAt !== undefined && isAwaitingStatus(intent);
  if (to === undefined || (state !== 'PENDING' && !isAtTwilio) || cancelRequestedAt !== undefined) return {};
  return { recipient: to, goesAt: new Date(sendAt ?? notBefore).toISOString() };
}

/** @throws ZodError for an item that no version of Trunkline wrote. */
export function intentOfItem(item: Item): Intent {
  const { dueAt, ...stored } = StoredIntent.parse(item);
  const intent = stored.channel === 'voice' ? callOf(stored) : messageOf(stored);
  return dueAt === undefined ? intent : { ...intent, dueAt: Date.parse(dueAt) };
}

/** Rows name what Twilio made as Twilio does. */
const messageOf = ({
  messageSid,
  otherMessageSids,
  ...message
}: Omit<z.infer<typeof StoredMessage>, 'dueAt'>): Intent => ({
  ...message,
  ...named(messageSid, otherMessageSids),
});

const callOf = ({ callSid, otherCallSids, ...call }: Omit<z.infer<typeof StoredCall>, 'dueAt'>): Intent => ({
  ...call,
  ...named(callSid, otherCallSids),
});

const named = (sid: string | undefined, otherSids: readonly string[] | undefined) => ({
  ...(sid === undefined ? {} : { sid }),
  ...(otherSids === undefined ? {} : { otherSids }),
});
