import { METRICS } from '../shared/contract/metrics.ts';
import { HOOK_ROUTES } from '../shared/contract/routes.ts';
import type { TableClient } from '../shared/ports/table-client.ts';
import type { NoAnswer, TwilioLedger, TwilioMessage } from '../shared/ports/twilio-ledger.ts';
import type { WebhookCrypto } from '../shared/ports/webhook-crypto.ts';
import { parseFormText } from '../shared/twilio/form-body.ts';
import { claimRevocation } from './claim-revocation.ts';
import { claimWebhook } from './claim-webhook.ts';
import { inboundMessageKey } from './domain/claim.ts';
import { resolveHookPath } from './domain/hook-path.ts';
import { formOfPolled, type PolledMedia } from './domain/polled-message.ts';
import type { ClaimPorts } from './ports.ts';
import { readPolledMessage } from './read-webhook.ts';

export interface RepairPorts extends ClaimPorts {
  readonly ledger: Pick<TwilioLedger, 'listMedia'>;
  readonly inbox: Pick<TableClient, 'get' | 'put' | 'transact'>;
  readonly crypto: WebhookCrypto;
}

export interface Repair {
  readonly owner: string;
  readonly retentionDays: number;
}

export type RepairOutcome = { readonly kind: 'known' | 'repaired' | 'unreadable' } | NoAnswer;

/** Claims a listed inbound message as its webhook would have been claimed, unless that has happened. */
export const repairMessage = async (
  message: TwilioMessage,
  repair: Repair,
  ports: RepairPorts,
): Promise<RepairOutcome> => {
  // A read costs a fifth of the put, and nearly every message is known; the put's condition decides all the same.
  const known = await ports.inbox.get('inbox', { pk: inboundMessageKey(message.messageSid) });
  if (known !== undefined) return { kind: 'known' };
  const listed = await readMedia(message, ports.ledger);
  return listed.kind === 'media' ? claim(message, listed.media, repair, ports) : listed;
};

const readMedia = async (
  { accountSid, messageSid, numMedia }: TwilioMessage,
  ledger: RepairPorts['ledger'],
): Promise<{ readonly kind: 'media'; readonly media: readonly PolledMedia[] } | NoAnswer> => {
  if (numMedia === 0) return { kind: 'media', media: [] };
  const listed = await ledger.listMedia({ accountSid, messageSid });
  // Deleted at Twilio since: the text is still worth having.
  return listed.kind === 'absent' ? { kind: 'media', media: [] } : listed;
};

const claim = async (
  message: TwilioMessage,
  media: readonly PolledMedia[],
  { owner, retentionDays }: Repair,
  ports: RepairPorts,
): Promise<RepairOutcome> => {
  const read = readListed(message, media, ports);
  if (read === undefined) return { kind: 'unreadable' };
  const write = read.claim.revocation === undefined ? claimWebhook : claimRevocation;
  const outcome = await write({ ...read, owner }, ports, { retentionDays });
  switch (outcome) {
    case 'accepted':
      ports.observer.count(METRICS.inboundRepaired);
      ports.observer.warn('inbound message without a webhook recorded', sidsOf(message));
      return { kind: 'repaired' };
    case 'duplicate':
    case 'mismatch':
      return { kind: 'known' };
    case 'store-unavailable':
      return { kind: 'unavailable', reason: 'the inbox did not answer' };
  }
};

/** Undefined for what ingress would refuse: it is told by its SID, and never by its content. */
const readListed = (message: TwilioMessage, media: readonly PolledMedia[], ports: RepairPorts) => {
  const payload = formOfPolled(message, media);
  const form = parseFormText(payload);
  const path = resolveHookPath(`POST ${HOOK_ROUTES.inboundMessage}`, { accountSid: message.accountSid });
  if (form.kind === 'malformed' || path === undefined) return unreadable(message, 'form', ports);
  const receivedAt = ports.clock();
  const read = readPolledMessage({ path, fields: form.fields, receivedAt }, ports.crypto);
  if (read.kind === 'reshaped') return unreadable(message, `${read.parameter} ${read.rule}`, ports);
  return { ...read, path, payload, receivedAt };
};

const unreadable = (message: TwilioMessage, reason: string, { observer }: RepairPorts): undefined => {
  observer.warn('listed message breaks the grammar of webhooks', { ...sidsOf(message), reason });
  return undefined;
};

const sidsOf = ({ accountSid, messageSid }: TwilioMessage) => ({ accountSid, sid: messageSid });
