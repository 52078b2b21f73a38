import type { SenderPool } from '../shared/contract/settings.ts';
import { sha256Hex } from '../shared/runtime/digest.ts';
import type { Intent } from './domain/intent.ts';
import { handOverAt } from './domain/scheduling.ts';
import { sizeOfText, type TextSize } from './domain/segments.ts';

/** The key's scope is the client: the id is a function of both, so one conditional put is the whole of idempotency. */
export const intentIdOf = (clientId: string, idempotencyKey: string): string =>
  `int_${sha256Hex(JSON.stringify([clientId, idempotencyKey])).slice(0, 32)}`;

/** Whatever else is asked for, there is no such intent. */
export const isIntentId = (id: string): boolean => /^int_[0-9a-f]{32}$/.test(id);

export type IntentDraft = Pick<Intent, 'id' | 'clientId' | 'requestHash' | 'to' | 'createdAt' | 'owner'> &
  Partial<
    Pick<
      Intent,
      | 'body'
      | 'mediaUrls'
      | 'correlationId'
      | 'causationId'
      | 'inReplyTo'
      | 'tags'
      | 'campaign'
      | 'sendAt'
      | 'deadline'
    >
  >;

/** The first version of an intent for a pool: due at once, within the pool's deadline, a story of its own. */
export function draftIntent(draft: IntentDraft, pool: SenderPool): Intent {
  const sendAt = draft.sendAt ?? draft.createdAt;
  return {
    correlationId: draft.id,
    deadline: sendAt + pool.deadlineSeconds * 1000,
    ...draft,
    ...sizeOf(draft, pool),
    notBefore: handOverAt(sendAt, pool.scheduleAheadSeconds, draft.createdAt),
    version: 1,
    state: 'PENDING',
    accountSid: pool.accountSid,
    channel: pool.channel,
    trafficClass: pool.trafficClass,
    pool: pool.name,
    messagingServiceSid: pool.messagingServiceSid,
    updatedAt: draft.createdAt,
    validitySeconds: pool.validitySeconds,
    reports: [],
  };
}

const sizeOf = (
  { body, mediaUrls }: IntentDraft,
  { channel, smartEncoding = false }: SenderPool,
): { readonly size?: TextSize } =>
  channel === 'sms' && body !== undefined && mediaUrls === undefined
    ? { size: sizeOfText(body, { smartEncoding }) }
    : {};
