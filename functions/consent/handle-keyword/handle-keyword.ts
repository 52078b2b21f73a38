import type { ConsentSettings } from '../../shared/contract/consent-settings.ts';
import type { EventOf } from '../../shared/contract/events.ts';
import type { ContactKey } from '../../shared/ports/contact-key.ts';
import type { TwilioLedger } from '../../shared/ports/twilio-ledger.ts';
import { contactIdOf } from '../../shared/runtime/contact-id.ts';
import { consentAddress } from '../../shared/twilio/consent-address.ts';
import { readInboundMessage } from '../../shared/twilio/inbound-payload.ts';
import type { Contact } from '../contact-items.ts';
import { isOrderInDoubt, settledInstant } from '../domain/keyword-order.ts';
import { scopeOfKeyword } from '../domain/scope.ts';
import { openReview } from '../open-review.ts';
import { readContact } from '../read-contact.ts';
import { type ConsentReport, type RecordPorts, recordConsent } from '../record-consent.ts';

type MessageReceived = EventOf<'message.received.v1'>;

export interface KeywordPorts extends RecordPorts {
  readonly key: ContactKey;
  readonly ledger: Pick<TwilioLedger, 'fetchMessage'>;
}

export type KeywordOutcome = {
  readonly kind: 'opted-out' | 'opted-in' | 'noted' | 'known' | 'in-review' | 'nothing-asked' | 'missing';
};

/** Writes into the ledger what an inbound text asked for. The opt-out of a STOP is in force already; here it is told. */
export async function handleKeyword(
  event: MessageReceived,
  owner: string,
  settings: ConsentSettings,
  ports: KeywordPorts,
): Promise<KeywordOutcome> {
  const { keyword } = event.data;
  if (keyword === undefined || keyword === 'help') return { kind: 'nothing-asked' };
  const inbox = await ports.tables.get('inbox', { pk: event.data.inboxKey }, { consistent: true });
  if (typeof inbox?.payload !== 'string') return { kind: 'missing' };
  const address = consentAddress(readInboundMessage(inbox.payload).from);
  const contactId = contactIdOf(await ports.key(), address);
  const report = reportOf(event, { contactId, address, owner, keyword, settings });
  switch (keyword) {
    case 'stop':
    case 'revocation':
      return write(report, ports);
    case 'start': {
      const contact = await readContact(ports.tables, contactId);
      return write({ ...report, occurredAt: await instantOfStart(event, report, contact, ports) }, ports);
    }
    case 'suspected':
      return { kind: await openReview(report, ports) };
    default:
      return keyword satisfies never;
  }
}

interface Asked {
  readonly contactId: string;
  readonly address: string;
  readonly owner: string;
  readonly keyword: 'stop' | 'start' | 'revocation' | 'suspected';
  readonly settings: ConsentSettings;
}

function reportOf(event: MessageReceived, { keyword, settings, ...known }: Asked): ConsentReport {
  const { messageSid, messagingServiceSid, answeredByTwilio } = event.data;
  return {
    ...known,
    recordId: messageSid,
    kind: keyword === 'start' ? 'start' : 'opt-out',
    scope: scopeOfKeyword(settings.keywordScope, event.data),
    source: keyword === 'revocation' ? 'free-text' : 'keyword',
    occurredAt: Date.parse(event.time),
    accountSid: event.accountSid,
    correlationId: event.correlationId,
    causationId: event.id,
    messageSid,
    ...(messagingServiceSid === undefined ? {} : { messagingServiceSid }),
    answeredByTwilio: answeredByTwilio ?? false,
  };
}

async function write(report: ConsentReport, ports: KeywordPorts): Promise<KeywordOutcome> {
  const outcome = await recordConsent(report, ports);
  return { kind: outcome.kind === 'known' ? 'known' : outcome.effect };
}

/** START lifts only what it is later than; where both came near each other, Twilio's own dates say which was last. */
async function instantOfStart(
  { data, accountSid }: MessageReceived,
  { scope, occurredAt: receivedAt }: ConsentReport,
  contact: Contact,
  { ledger }: KeywordPorts,
): Promise<number> {
  const optOut = lastOptOut(contact, scope);
  if (optOut === undefined) return receivedAt;
  const start = { receivedAt, source: data.source };
  const inDoubt = isOrderInDoubt(start, { receivedAt: optOut.since });
  if (!inDoubt) return receivedAt;
  const [startCreated, stopCreated] = await Promise.all(
    [data.messageSid, optOut.recordId].map((sid) => createdAt(sid, accountSid, ledger)),
  );
  return settledInstant(
    { receivedAt, ...(startCreated === undefined ? {} : { createdAt: startCreated }) },
    { receivedAt: optOut.since, ...(stopCreated === undefined ? {} : { createdAt: stopCreated }) },
    inDoubt,
  );
}

const lastOptOut = ({ guards, standings }: Contact, scope: string) =>
  [...guards, ...standings]
    .filter((one) => one.scope === scope && one.status === 'opted-out')
    .sort((one, other) => other.since - one.since)[0];

const MESSAGE_SID = /^(?:SM|MM)[0-9a-f]{32}$/;

async function createdAt(
  messageSid: string,
  accountSid: string,
  ledger: KeywordPorts['ledger'],
): Promise<number | undefined> {
  if (!MESSAGE_SID.test(messageSid)) return undefined;
  const answer = await ledger.fetchMessage({ accountSid, messageSid });
  return answer.kind === 'found' ? answer.message.createdAt : undefined;
}
