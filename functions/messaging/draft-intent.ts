import type { CallPool, MessagePool, SenderPool } from '../shared/contract/settings.ts';
import { sha256Hex } from '../shared/runtime/digest.ts';
import type { CallIntent, Intent, MessageIntent } from './domain/intent.ts';
import { handOverAt } from './domain/scheduling.ts';
import { sizeOfText, type TextSize } from './domain/segments.ts';

/** The key's scope is the client: the id is a function of both, so one conditional put is the whole of idempotency. */
export const intentIdOf = (clientId: string, idempotencyKey: string): string =>
  `int_${sha256Hex(JSON.stringify([clientId, idempotencyKey])).slice(0, 32)}`;

/** Whatever else is asked for, there is no such intent. */
export const isIntentId = (id: string): boolean => /^int_[0-9a-f]{32}$/.test(id);

type DraftCommon = Pick<Intent, 'id' | 'clientId' | 'requestHash' | 'to' | 'createdAt' | 'owner'> &
  Partial<
    Pick<
      Intent,
      'correlationId' | 'causationId' | 'tags' | 'campaign' | 'timeZone' | 'postcode' | 'sendAt' | 'deadline'
    >
  >;

export type MessageDraft = DraftCommon &
  Partial<Pick<MessageIntent, 'body' | 'mediaUrls' | 'inReplyTo' | 'purpose'>>;

export type CallDraft = DraftCommon &
  Pick<CallIntent, 'flow' | 'context'> &
  Partial<Pick<CallIntent, 'machineDetection' | 'smsFallback'>>;

/** The first version of a message's intent for a pool: due at once, within the pool's deadline, a story of its own. */
export const draftMessage = (draft: MessageDraft, pool: MessagePool): MessageIntent => ({
  ...firstVersion(draft, pool),
  ...draft,
  ...sizeOf(draft, pool),
  notBefore: handOverAt(draft.sendAt ?? draft.createdAt, pool.scheduleAheadSeconds, draft.createdAt),
  channel: pool.channel,
  messagingServiceSid: pool.messagingServiceSid,
  validitySeconds: pool.validitySeconds,
});

/** The same of a call. */
export const draftCall = (draft: CallDraft, pool: CallPool): CallIntent => ({
  ...firstVersion(draft, pool),
  ...draft,
  channel: 'voice',
  from: pool.from,
  ringSeconds: pool.ringSeconds,
});

const firstVersion = ({ id, createdAt, sendAt = createdAt }: DraftCommon, pool: SenderPool) =>
  ({
    correlationId: id,
    deadline: sendAt + pool.deadlineSeconds * 1000,
    notBefore: Math.max(createdAt, sendAt),
    version: 1,
    state: 'PENDING',
    accountSid: pool.accountSid,
    trafficClass: pool.trafficClass,
    pool: pool.name,
    updatedAt: createdAt,
    reports: [],
  }) as const;

const sizeOf = (
  { body, mediaUrls }: MessageDraft,
  { channel, smartEncoding = false }: MessagePool,
): { readonly size?: TextSize } =>
  channel === 'sms' && body !== undefined && mediaUrls === undefined
    ? { size: sizeOfText(body, { smartEncoding }) }
    : {};
