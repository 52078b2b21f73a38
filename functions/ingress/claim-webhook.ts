import type { OutboxEntry } from '../shared/contract/outbox.ts';
import {
  type AttributeValue,
  type Expression,
  type Item,
  type Put,
  StoreUnavailableError,
} from '../shared/ports/table-client.ts';
import type { Claim } from './domain/claim.ts';
import type { HookPath } from './domain/hook-path.ts';
import type { IngressPorts, IngressSettings } from './ports.ts';

export type ClaimOutcome = 'accepted' | 'duplicate' | 'mismatch' | 'store-unavailable';

export interface Webhook {
  readonly path: HookPath;
  readonly claim: Claim;
  /** Raw body, as text. */
  readonly payload: string;
  /** Hash of the content: tells a repeat from other content under the same key. */
  readonly payloadHash: string;
  readonly source: 'webhook' | 'fallback' | 'poll';
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** Fixed per invocation: a conflict with it is our own earlier try, whose answer was lost. */
  readonly owner: string;
}

const NOT_YET_CLAIMED: Expression = { expression: 'attribute_not_exists(#pk)', names: { '#pk': 'pk' } };

const SECONDS_PER_DAY = 86_400;

/** The one write of a webhook: record, deduplication and outbox in one item. */
export const claimWebhook = async (
  webhook: Webhook,
  { inbox, observer }: Pick<IngressPorts, 'inbox' | 'observer'>,
  settings: Pick<IngressSettings, 'retentionDays'>,
): Promise<ClaimOutcome> => {
  try {
    const result = await inbox.put(claimPut(webhook, settings.retentionDays));
    return result.kind === 'written' ? 'accepted' : judgeConflict(webhook, result.existing);
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    observer.error('inbox unavailable', error, { route: webhook.path.route });
    return 'store-unavailable';
  }
};

export const claimPut = (webhook: Webhook, retentionDays: number): Put => ({
  kind: 'put',
  table: 'inbox',
  item: inboxItem(webhook, retentionDays),
  condition: NOT_YET_CLAIMED,
});

/** A claim stands: our own earlier try, a repeat, or other content under the same key. */
export const judgeConflict = (webhook: Webhook, existing: Item | undefined): ClaimOutcome => {
  if (existing?.owner === webhook.owner) return 'accepted';
  // Twilio's list names fewer parameters than its webhook, so that the two never have one hash.
  if (webhook.source === 'poll' || existing?.source === 'poll') return 'duplicate';
  return existing?.payloadHash === webhook.payloadHash ? 'duplicate' : 'mismatch';
};

const inboxItem = (webhook: Webhook, retentionDays: number): Item => {
  const { path, claim } = webhook;
  const receivedAt = new Date(webhook.receivedAt).toISOString();
  return {
    pk: claim.key,
    version: 1,
    kind: claim.kind,
    accountSid: path.accountSid,
    route: path.route,
    receivedAt,
    payload: webhook.payload,
    payloadHash: webhook.payloadHash,
    token: path.token,
    owner: webhook.owner,
    source: webhook.source,
    outbox: claim.events.map((event) => outboxAttribute({ kind: 'event', event })),
    outboxAt: receivedAt,
    expiresAt: Math.floor(webhook.receivedAt / 1000) + retentionDays * SECONDS_PER_DAY,
  };
};

const outboxAttribute = (entry: OutboxEntry): AttributeValue => ({ ...entry });
