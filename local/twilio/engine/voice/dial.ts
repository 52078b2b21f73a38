import type { CallStatus, Hook, Source, StatusHook } from '../../domain/voice/call.ts';
import { type RecordingRecord, recordingUrl } from '../../domain/voice/recording.ts';
import { isDialable } from '../../domain/voice/validate-call.ts';
import type { WebhookParameters } from '../../domain/webhook-parameters.ts';
import type { Dial, DialTarget, Link, StatusLink } from '../../twiml/voice/verbs.ts';
import { report } from '../world.ts';
import { talk, tell } from './bridge.ts';
import { answerCall } from './call-status.ts';
import { dialQueue } from './dial-queue.ts';
import { findLive, type LiveCall, next, type Step, write } from './live-call.ts';
import { absolute, linkSource, type Place } from './place.ts';
import { finishRecording, startRecording } from './recordings.ts';
import { startLeg } from './run-leg.ts';
import { type Interrupt, isInterrupt } from './signals.ts';
import { nextSignal } from './wait.ts';

/** The documentation promises the timeout and five seconds more. */
const bufferMs = 5000;

export type Dialed =
  | { readonly kind: 'interrupted'; readonly by: Interrupt }
  | {
      readonly kind: 'over';
      readonly status: 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled';
      readonly callSid?: string | undefined;
      readonly bridgedMs?: number | undefined;
      readonly extra?: WebhookParameters | undefined;
    };

/** Connects the call to somebody else; afterwards the action decides, or the next verb is executed. */
export async function dial(live: LiveCall, verb: Dial, place: Place): Promise<Step> {
  if (!verb.answerOnBridge) answerCall(live);
  const recording = verb.record === 'from-ringing' ? recordingOf(live, verb, place) : undefined;
  const dialed = verb.queue
    ? await dialQueue(live, { verb, queue: verb.queue, place })
    : await dialTargets(live, { verb, place, recording });
  if (recording) finishRecording(live.world, recording);
  if (dialed.kind === 'interrupted') return dialed;
  if (!verb.action) return next;
  return linkSource(verb.action, { place, extra: actionParameters(live, dialed) });
}

interface Dialing {
  readonly verb: Dial;
  readonly place: Place;
  readonly recording?: RecordingRecord | undefined;
}

async function dialTargets(live: LiveCall, dialing: Dialing): Promise<Dialed> {
  const { verb } = dialing;
  const from = verb.callerId ?? live.record.from;
  if (verb.callerId !== undefined && !isDialable(verb.callerId)) {
    warn(live, 13214, `Invalid callerId value ${verb.callerId}`);
    return { kind: 'over', status: 'failed' };
  }
  const groups = verb.sequential ? verb.targets.map((target) => [target]) : [verb.targets];
  let last: Dialed = { kind: 'over', status: 'failed' };
  for (const group of groups) {
    last = await dialGroup(live, { ...dialing, group, from });
    if (last.kind === 'interrupted' || last.status === 'completed') return last;
  }
  return last;
}

interface Group extends Dialing {
  readonly group: readonly DialTarget[];
  readonly from: string;
}

/** All ring at once; whoever is ready first is connected, the others stop ringing. */
async function dialGroup(live: LiveCall, dialing: Group): Promise<Dialed> {
  const legs = startLegs(live, dialing);
  const { clock } = live.world;
  const heard = write(live, { kind: 'heard', what: 'ringing', text: 'ringing', ms: 0 });
  const since = clock.now();
  const open = new Set(legs.map(({ record }) => record.sid));
  let status: CallStatus = 'failed';
  let lastSid: string | undefined;
  while (open.size > 0) {
    const signal = await nextSignal(live);
    if (heard.kind === 'heard') heard.ms = clock.now() - since;
    if (!signal) continue;
    if (isInterrupt(signal)) {
      hangUpAll(live, open);
      return { kind: 'interrupted', by: signal };
    }
    if (signal.kind === 'leg-over' && open.delete(signal.callSid)) {
      lastSid = signal.callSid;
      status = live.world.state.voice.calls[signal.callSid]?.status ?? status;
    }
    if (signal.kind === 'leg-answered' && open.delete(signal.callSid)) {
      hangUpAll(live, open);
      return connect(live, dialing, signal.callSid);
    }
  }
  return { kind: 'over', status: dialStatus(status), callSid: lastSid };
}

/** A leg that answered and went away in the whisper counts as not connected (assumption). */
function dialStatus(status: CallStatus): Extract<Dialed, { kind: 'over' }>['status'] {
  switch (status) {
    case 'busy':
    case 'failed':
    case 'canceled':
      return status;
    case 'no-answer':
    case 'completed':
    case 'queued':
    case 'ringing':
    case 'in-progress':
      return 'no-answer';
  }
}

function startLegs(live: LiveCall, { verb, group, from, place }: Group): LiveCall[] {
  return group.flatMap((target) => {
    if (!isDialable(target.address)) {
      warn(live, 13223, `Invalid phone number format ${target.address}`);
      return [];
    }
    const { machineDetection } = target;
    return startLeg(live, {
      to: target.address,
      from,
      timeoutMs: verb.timeoutMs + bufferMs,
      whisper: pageOf(place, target.whisper),
      statusHook: statusOf(place, target.status),
      sendDigits: target.sendDigits,
      detection: machineDetection && { mode: machineDetection, hook: hookOf(place, target.amdCallback) },
    });
  });
}

export function pageOf(place: Place, link: Link | undefined): Source | undefined {
  const hook = hookOf(place, link);
  return hook && { kind: 'page', ...hook };
}

function hookOf(place: Place, link: Link | undefined): Hook | undefined {
  const url = link && absolute(place, link.url);
  return url === undefined || !link ? undefined : { url, method: link.method };
}

function statusOf(place: Place, link: StatusLink | undefined): StatusHook | undefined {
  const hook = hookOf(place, link);
  return hook && link ? { ...hook, events: link.events } : undefined;
}

function hangUpAll(live: LiveCall, legs: Iterable<string>): void {
  for (const sid of legs) findLive(live.world, sid)?.strand.send({ kind: 'canceled' });
}

async function connect(live: LiveCall, { verb, place }: Group, callSid: string): Promise<Dialed> {
  const { world } = live;
  answerCall(live);
  tell(live, callSid, 'bridged');
  const since = world.clock.now();
  const recording = verb.record === 'from-answer' ? recordingOf(live, verb, place) : undefined;
  const talked = await talk(live, {
    peerSid: callSid,
    until: since + verb.timeLimitMs,
    hangupOnStar: verb.hangupOnStar,
  });
  if (recording) finishRecording(world, recording);
  if (talked.kind === 'interrupted') return talked;
  return {
    kind: 'over',
    status: 'completed',
    callSid,
    bridgedMs: world.clock.now() - since,
    extra: recording && [
      ['RecordingUrl', recordingUrl(recording, world.publicUrl())],
      ['RecordingSid', recording.sid],
      ['RecordingDuration', `${Math.ceil((world.clock.now() - since) / 1000)}`],
    ],
  };
}

function recordingOf(live: LiveCall, verb: Dial, place: Place): RecordingRecord {
  const hook = hookOf(place, verb.recordingCallback);
  return startRecording(live.world, live.record, {
    channels: verb.channels,
    source: 'DialVerb',
    track: verb.track,
    trim: verb.trim,
    callback: hook && verb.recordingCallback && { ...hook, events: verb.recordingCallback.events },
  });
}

function actionParameters(live: LiveCall, dialed: Extract<Dialed, { kind: 'over' }>): WebhookParameters {
  const bridged = dialed.bridgedMs !== undefined;
  const sid: WebhookParameters = dialed.callSid === undefined ? [] : [['DialCallSid', dialed.callSid]];
  const duration: WebhookParameters = bridged
    ? [['DialCallDuration', `${Math.ceil((dialed.bridgedMs ?? 0) / 1000)}`]]
    : [];
  const sip = live.world.state.voice.calls[dialed.callSid ?? '']?.to.startsWith('sip');
  const response = live.world.state.voice.calls[dialed.callSid ?? '']?.sipResponseCode;
  return [
    ['DialCallStatus', dialed.status],
    ...sid,
    ...duration,
    ['DialBridged', `${bridged}`],
    ...(sip && response !== undefined ? [['DialSipResponseCode', `${response}`] as const] : []),
    ...(dialed.extra ?? []),
  ];
}

function warn({ world, account, record }: LiveCall, errorCode: number, detail: string): void {
  report(world, {
    accountSid: account.accountSid,
    level: 'WARNING',
    errorCode,
    detail,
    resourceSid: record.sid,
  });
}
