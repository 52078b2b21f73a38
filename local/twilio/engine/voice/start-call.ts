import type {
  CallDirection,
  CallRecord,
  Hook,
  OutboundPlan,
  Source,
  StatusHook,
} from '../../domain/voice/call.ts';
import { behaviourFor, type CallScript, type PhoneBehaviour } from '../../domain/voice/phone-behaviour.ts';
import type { CallCommand } from '../../domain/voice/validate-call.ts';
import type { AccountRecord, NumberRecord } from '../../state/simulator-state.ts';
import { faultRandom, findNumber, newSid, nextOrdinal, type World } from '../world.ts';
import { endCall } from './call-status.ts';
import type { LiveCall } from './live-call.ts';
import { type Person, scriptedPerson } from './person.ts';
import { runInboundCall, runOutboundCall } from './run-call.ts';
import { Strand } from './strand.ts';

export const longestCallMs = 4 * 3_600_000;

export interface NewCall {
  readonly direction: CallDirection;
  readonly from: string;
  readonly to: string;
  readonly parentCallSid?: string | undefined;
  readonly phoneNumberSid?: string | undefined;
  readonly forwardedFrom?: string | undefined;
  readonly plan?: OutboundPlan | undefined;
  readonly statusHook?: StatusHook | undefined;
  readonly fallback?: Hook | undefined;
  readonly timeLimitMs?: number | undefined;
  readonly queueMs?: number | undefined;
}

/** A new call, written down, with its own strand; whoever makes it starts it. */
export function openCall(world: World, account: AccountRecord, call: NewCall, person: Person): LiveCall {
  const now = world.clock.now();
  const lag = world.state.faults.listLagMs;
  const record: CallRecord = {
    sid: newSid(world, 'CA'),
    accountSid: account.accountSid,
    ...call,
    timeLimitMs: call.timeLimitMs ?? longestCallMs,
    queueMs: call.queueMs ?? 0,
    createdAt: now,
    listedFrom: lag ? now + faultRandom(world, 'list').between(lag.min, lag.max) : now,
    ordinal: nextOrdinal(world, 'call'),
    updatedAt: now,
    startedAt: null,
    answeredAt: null,
    endedAt: null,
    status: 'queued',
    answeredBy: null,
    sequence: 0,
    documents: 0,
    transcript: [],
    recordings: [],
    callbacks: [],
  };
  world.state.voice.calls[record.sid] = record;
  return goLive(world, account, record, person);
}

function goLive(world: World, account: AccountRecord, record: CallRecord, person: Person): LiveCall {
  const strand: LiveCall['strand'] = new Strand(world.clock, (error) => {
    world.log(`ERROR call ${record.sid}: ${error instanceof Error ? error.stack : error}`);
    endCall(live, 'application-error');
  });
  const live: LiveCall = { world, account, record, strand, person };
  world.liveCalls.set(record.sid, live);
  return live;
}

export function startStrand(live: LiveCall, body: () => Promise<void>): void {
  live.strand.start(async () => {
    await body();
    await live.world.onCallOver(live.record);
  });
}

export interface PhoneCall {
  readonly from: string;
  readonly to: string;
  readonly forwardedFrom?: string | undefined;
  readonly person: Person;
}

/** A phone calls one of the numbers here; undefined where nobody has the number. */
export function callFromPhone(world: World, call: PhoneCall): LiveCall | undefined {
  const owned = findNumber(world, call.to);
  if (!owned) return undefined;
  const { account, number } = owned;
  const live = openCall(
    world,
    account,
    {
      direction: 'inbound',
      from: call.from,
      to: call.to,
      forwardedFrom: call.forwardedFrom,
      phoneNumberSid: number.sid,
      fallback: hookOf(number, 'VoiceFallbackUrl', 'VoiceFallbackMethod'),
      statusHook: statusHookOf(number),
    },
    call.person,
  );
  const hook = hookOf(number, 'VoiceUrl', 'VoiceMethod');
  const source: Source | undefined = hook && { kind: 'page', ...hook };
  startStrand(live, () => runInboundCall(live, source));
  return live;
}

function hookOf(number: NumberRecord, url: string, method: string): Hook | undefined {
  const { settings } = number;
  if (!settings[url]) return undefined;
  return { url: settings[url], method: settings[method]?.toUpperCase() === 'GET' ? 'GET' : 'POST' };
}

/** The number's own StatusCallback hears of the end of its calls alone. */
function statusHookOf(number: NumberRecord): StatusHook | undefined {
  const hook = hookOf(number, 'StatusCallback', 'StatusCallbackMethod');
  return hook && { ...hook, events: ['completed'] };
}

/** What the phone at an address does: as set by API, otherwise as its number says. */
export const behaviourAt = (world: World, address: string): PhoneBehaviour =>
  world.behaviourOf?.(address) ?? world.state.voice.behaviours[address] ?? behaviourFor(address);

export function personAt(world: World, address: string, script?: CallScript): Person {
  return world.personAt?.(address) ?? scriptedPerson(script ?? behaviourAt(world, address).script);
}

/** A call that the API asked for: it exists from here on, and is dialed when the account's turn comes. */
export function acceptCall(world: World, account: AccountRecord, command: CallCommand): CallRecord {
  const now = world.clock.now();
  const { voice } = world.state;
  const dialAt = Math.max(now, voice.nextDialAt[account.accountSid] ?? 0);
  voice.nextDialAt[account.accountSid] = dialAt + Math.ceil(1000 / account.callsPerSecond);
  const number = account.numbers.find(({ phoneNumber }) => phoneNumber === command.from);
  const live = openCall(
    world,
    account,
    {
      ...command,
      direction: 'outbound-api',
      phoneNumberSid: number?.sid,
      queueMs: dialAt - now,
    },
    personAt(world, command.to),
  );
  startOutbound(live, command.plan);
  return live.record;
}

function startOutbound(live: LiveCall, plan: OutboundPlan): void {
  const phone = behaviourAt(live.world, live.record.to);
  startStrand(live, () => runOutboundCall(live, plan, phone));
}

/** After a restart: queued calls wait for their turn again, those that were under way are over. */
export function resumeCalls(world: World): void {
  for (const record of Object.values(world.state.voice.calls)) {
    const account = world.state.accounts.find(({ accountSid }) => accountSid === record.accountSid);
    if (record.endedAt !== null || !account) continue;
    const live = goLive(world, account, record, personAt(world, record.to));
    if (record.status === 'queued' && record.plan) startOutbound(live, record.plan);
    else endCall(live, 'simulator-restarted');
  }
}
