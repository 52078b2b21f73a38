import { channelOf } from '../domain/address.ts';
import { type CarrierOutcome, carrierOutcomeFor } from '../domain/carrier-outcome.ts';
import type { MessageDirection, MessageRecord } from '../domain/message.ts';
import { optOutKey } from '../domain/opt-out.ts';
import { type PlannedCallback, planDelivery } from '../domain/plan-delivery.ts';
import { type TwilioError, twilioError } from '../domain/twilio-error.ts';
import type { CreateCommand } from '../domain/validate-create.ts';
import type { AccountRecord, CallbackEntry } from '../state/simulator-state.ts';
import { faultRandom, findAccount, newSid, nextOrdinal, type World } from './world.ts';

/** A refusal that depends on the lists: the recipient opted out of this sender. */
export function optOutError(
  world: World,
  account: AccountRecord,
  command: CreateCommand,
): TwilioError | undefined {
  const service = serviceOf(account, command.messagingServiceSid);
  const sync = service === undefined || service.optOutFailure === 'sync';
  return sync && isOptedOut(world, account, command)
    ? twilioError(21610, 'Attempt to send to unsubscribed recipient')
    : undefined;
}

interface Route {
  readonly to: string;
  readonly from?: string | null | undefined;
  readonly messagingServiceSid?: string | undefined;
}

/** A sender in a Messaging Service's pool shares the pool's list. */
function isOptedOut(world: World, account: AccountRecord, route: Route): boolean {
  const sender = account.numbers.find(({ phoneNumber }) => phoneNumber === route.from);
  const lists = [route.messagingServiceSid, sender?.messagingServiceSid, route.from].filter((list) => !!list);
  return lists.some((list) => optOutKey(account.accountSid, list ?? '', route.to) in world.state.optOuts);
}

const serviceOf = (account: AccountRecord, sid: string | undefined) =>
  account.messagingServices.find((service) => service.sid === sid);

export interface Accepted {
  readonly message: MessageRecord;
  /** The first callback, where it has to reach the webhook before the create is answered. */
  readonly callbackBeforeResponse?: CallbackEntry | undefined;
}

/** From here on the message exists, whatever the client comes to know of it. */
export function acceptMessage(
  world: World,
  account: AccountRecord,
  command: CreateCommand,
  direction: MessageDirection = 'outbound-api',
): Accepted {
  const message = recordMessage(world, account, command, direction);
  if (message.sendAt !== undefined) {
    world.schedule({ kind: 'release', at: message.sendAt, messageSid: message.sid });
    return { message };
  }
  const mayBeEarly = direction === 'outbound-api';
  return { message, callbackBeforeResponse: startDelivery(world, message, mayBeEarly) };
}

function recordMessage(
  world: World,
  account: AccountRecord,
  command: CreateCommand,
  direction: MessageDirection,
): MessageRecord {
  const now = world.clock.now();
  const sid = newSid(world, command.mediaUrls.length > 0 ? 'MM' : 'SM');
  const lag = world.state.faults.listLagMs;
  const status =
    command.sendAt !== undefined ? 'scheduled' : command.messagingServiceSid ? 'accepted' : 'queued';
  const message: MessageRecord = {
    sid,
    accountSid: account.accountSid,
    direction,
    from: command.from ?? null,
    to: command.to,
    body: command.body,
    messagingServiceSid: command.messagingServiceSid,
    mediaSids: command.mediaUrls.map((sourceUrl) => recordMedia(world, { account, sid, sourceUrl })),
    contentSid: command.contentSid,
    statusCallback: command.statusCallback ?? serviceOf(account, command.messagingServiceSid)?.statusCallback,
    acceptedAt: now,
    listedFrom: lag ? now + faultRandom(world, 'list').between(lag.min, lag.max) : now,
    sendAt: command.sendAt,
    updatedAt: now,
    sentAt: null,
    status,
    errorCode: null,
    errorMessage: null,
    history: [{ status, at: now }],
    ordinal: nextOrdinal(world, 'message'),
  };
  world.state.messages[sid] = message;
  return message;
}

function recordMedia(
  world: World,
  { account, sid, sourceUrl }: { account: AccountRecord; sid: string; sourceUrl: string },
): string {
  const mediaSid = newSid(world, 'ME');
  const extension = /\.(\w+)(?:[?#]|$)/.exec(sourceUrl)?.[1]?.toLowerCase() ?? '';
  const types: Record<string, string> = {
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
    png: 'image/png',
    gif: 'image/gif',
  };
  world.state.media[mediaSid] = {
    sid: mediaSid,
    accountSid: account.accountSid,
    messageSid: sid,
    contentType: types[extension] ?? 'application/octet-stream',
    createdAt: world.clock.now(),
    sourceUrl,
  };
  return mediaSid;
}

/** Plans what happens to the message and puts it on the clock. */
export function startDelivery(
  world: World,
  message: MessageRecord,
  mayBeEarly = false,
): CallbackEntry | undefined {
  const plan = planDelivery({
    random: faultRandom(world, 'delivery'),
    outcome: outcomeOf(world, message),
    faults: world.state.faults,
    timing: world.timing,
    startAt: world.clock.now(),
    initialStatus: message.status,
  });
  for (const { status, at, errorCode } of plan.statuses) {
    world.schedule({ kind: 'status', at, messageSid: message.sid, status, errorCode });
  }
  if (plan.handsetAt !== undefined) {
    world.schedule({ kind: 'handset', at: plan.handsetAt, messageSid: message.sid });
  }
  return scheduleCallbacks(world, message, plan.callbacks, mayBeEarly && plan.firstCallbackBeforeResponse);
}

/** Puts the callbacks on the clock; the very first copy is left to the caller where it has to be early. */
export function scheduleCallbacks(
  world: World,
  message: MessageRecord,
  callbacks: readonly PlannedCallback[],
  firstIsEarly: boolean,
): CallbackEntry | undefined {
  const url = message.statusCallback;
  if (!url) return undefined;
  let early: CallbackEntry | undefined;
  for (const planned of callbacks) {
    const entry: CallbackEntry = {
      id: `${message.sid}/${nextOrdinal(world, `callback:${message.sid}`)}`,
      messageSid: message.sid,
      status: planned.status,
      errorCode: planned.errorCode,
      statusAt: planned.at,
      url,
      lost: planned.lost,
      plannedFor: planned.deliverAt,
      attempts: [],
    };
    world.state.callbacks[entry.id] = entry;
    const isEarly = firstIsEarly && planned === callbacks[0] && !planned.lost;
    if (isEarly) early = entry;
    planned.deliverAt.forEach((at, index) => {
      if (isEarly && index === 0) return;
      world.schedule({ kind: 'callback', at, callbackId: entry.id, copy: index + 1 });
    });
  }
  return early;
}

function outcomeOf(world: World, message: MessageRecord): CarrierOutcome {
  const account = findAccount(world, message.accountSid);
  if (account && isOptedOut(world, account, message)) return { kind: 'failed', errorCode: 21610 };
  if (isOutsideWindow(world, message)) return { kind: 'failed', errorCode: 63016 };
  return carrierOutcomeFor(message.to);
}

const windowMs = 24 * 3_600_000;

/** Free text on WhatsApp needs a message of the recipient's within 24 hours; a template does not. */
function isOutsideWindow(world: World, message: MessageRecord): boolean {
  if (channelOf(message.to) !== 'whatsapp' || message.contentSid !== undefined) return false;
  const last = world.state.lastInbound[`${message.accountSid}|${message.to}`];
  return last === undefined || world.clock.now() - last > windowMs;
}
