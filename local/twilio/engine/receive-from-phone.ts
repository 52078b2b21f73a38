import { channelOf } from '../domain/address.ts';
import type { MessageRecord } from '../domain/message.ts';
import { autoReplyTo, isFilteredSender, optOutKey, optOutKeywordIn } from '../domain/opt-out.ts';
import type { PhoneExtras } from '../domain/webhook-parameters.ts';
import type { AccountRecord, NumberRecord } from '../state/simulator-state.ts';
import { faultRandom, findNumber, newSid, nextOrdinal, type World } from './world.ts';

export interface PhoneMessage {
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly media: readonly { readonly contentType: string; readonly base64: string }[];
  readonly extras: PhoneExtras;
}

export type PhoneOutcome =
  | { readonly kind: 'received'; readonly message: MessageRecord }
  | { readonly kind: 'inbound-disabled' }
  | { readonly kind: 'unknown-number' };

/** A handset sends a message to one of the numbers here. */
export function receiveFromPhone(world: World, sent: PhoneMessage): PhoneOutcome {
  const owned = findNumber(world, sent.to);
  if (!owned) return { kind: 'unknown-number' };
  const { account, number } = owned;
  const service = account.messagingServices.find(({ sid }) => sid === number.messagingServiceSid);
  showOnHandset(world, sent);
  if (service?.inboundRequestUrl === null && !service.useInboundWebhookOnNumber) {
    return { kind: 'inbound-disabled' };
  }
  const message = recordInbound(world, account, number, sent);
  world.state.lastInbound[`${account.accountSid}|${sent.from}`] = message.acceptedAt;
  const keyword = applyKeyword(world, { account, number, sent });
  scheduleWebhook(world, message, { extras: sent.extras, keyword });
  return { kind: 'received', message };
}

function showOnHandset(world: World, sent: PhoneMessage): void {
  world.state.handsets.push({
    address: sent.from,
    direction: 'sent',
    peer: sent.to,
    body: sent.body,
    mediaUrls: sent.media.map(({ contentType }) => `data:${contentType}`),
    at: world.clock.now(),
    automatic: false,
  });
}

function recordInbound(
  world: World,
  account: AccountRecord,
  number: NumberRecord,
  sent: PhoneMessage,
): MessageRecord {
  const now = world.clock.now();
  const sid = newSid(world, sent.media.length > 0 ? 'MM' : 'SM');
  const lag = world.state.faults.listLagMs;
  const mediaSids = sent.media.map(({ contentType, base64 }) => {
    const mediaSid = newSid(world, 'ME');
    world.state.media[mediaSid] = {
      sid: mediaSid,
      accountSid: account.accountSid,
      messageSid: sid,
      contentType,
      createdAt: now,
      base64,
    };
    return mediaSid;
  });
  const message: MessageRecord = {
    sid,
    accountSid: account.accountSid,
    direction: 'inbound',
    from: sent.from,
    to: sent.to,
    body: sent.body,
    messagingServiceSid: number.messagingServiceSid,
    mediaSids,
    acceptedAt: now,
    listedFrom: lag ? now + faultRandom(world, 'list').between(lag.min, lag.max) : now,
    updatedAt: now,
    sentAt: now,
    status: 'received',
    errorCode: null,
    errorMessage: null,
    history: [{ status: 'received', at: now }],
    ordinal: nextOrdinal(world, 'message'),
  };
  world.state.messages[sid] = message;
  return message;
}

interface KeywordInput {
  readonly account: AccountRecord;
  readonly number: NumberRecord;
  readonly sent: PhoneMessage;
}

/** Keeps the opt-out list and answers as Twilio answers; the message goes on to the webhook all the same. */
function applyKeyword(world: World, { account, number, sent }: KeywordInput) {
  const service = account.messagingServices.find(({ sid }) => sid === number.messagingServiceSid);
  const keyword = optOutKeywordIn(sent.body);
  if (!keyword || !isFilteredSender(number.phoneNumber, service?.advancedOptOut ?? false)) return undefined;
  const key = optOutKey(account.accountSid, number.messagingServiceSid ?? number.phoneNumber, sent.from);
  if (keyword === 'STOP') world.state.optOuts[key] = world.clock.now();
  if (keyword === 'START') delete world.state.optOuts[key];
  world.state.handsets.push({
    address: sent.from,
    direction: 'received',
    peer: number.phoneNumber,
    body: autoReplyTo(keyword),
    mediaUrls: [],
    at: world.clock.now(),
    automatic: true,
  });
  return keyword;
}

function scheduleWebhook(
  world: World,
  message: MessageRecord,
  { extras, keyword }: { extras: PhoneExtras; keyword: 'STOP' | 'START' | 'HELP' | undefined },
): void {
  const { faults } = world.state;
  const random = faultRandom(world, `inbound:${channelOf(message.to)}`);
  const lost = random.chance(faults.inboundLost);
  const copies = random.chance(faults.inboundDuplicate) ? [1, 2] : [1];
  world.state.inbound[message.sid] = {
    messageSid: message.sid,
    at: message.acceptedAt,
    lost,
    extras,
    optOutKeyword: keyword,
    attempts: [],
    replies: [],
  };
  if (lost) return;
  for (const copy of copies) {
    const delay = faults.inboundDelayMs
      ? random.between(faults.inboundDelayMs.min, faults.inboundDelayMs.max)
      : 0;
    const at = message.acceptedAt + world.timing.inboundMs + delay + (copy - 1);
    world.schedule({ kind: 'inbound', at, messageSid: message.sid, copy });
  }
}
