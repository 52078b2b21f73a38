import { callParameters } from '../../domain/voice/call-parameters.ts';
import { recordingUrl } from '../../domain/voice/recording.ts';
import { sayingMs } from '../../domain/voice/speaking.ts';
import type { WebhookParameters } from '../../domain/webhook-parameters.ts';
import type { RecordVerb } from '../../twiml/voice/verbs.ts';
import { type LiveCall, next, type Step, startWaiting, stopWaiting, write } from './live-call.ts';
import { ask } from './person.ts';
import { absolute, linkSource, type Place } from './place.ts';
import { planCallback } from './plan-callback.ts';
import { finishRecording, startRecording } from './recordings.ts';
import { type Interrupt, isInterrupt } from './signals.ts';
import { nextSignal } from './wait.ts';

const beepMs = 500;

/** Records the caller until a key, a silence, the longest length or the end of the call. */
export async function record(live: LiveCall, verb: RecordVerb, place: Place): Promise<Step> {
  const { world } = live;
  if (verb.playBeep) write(live, { kind: 'heard', what: 'beep', text: 'beep', ms: beepMs });
  startWaiting(live, { verb: 'Record', promptsEndAt: world.clock.now() + beepMs, input: ['speech'] });
  const recording = startRecording(world, live.record, {
    channels: 1,
    source: 'RecordVerb',
    track: 'inbound',
    trim: verb.trim,
    callback: callbackOf(verb, place),
  });
  const callOff = ask(live, { kind: 'record', promptMs: verb.playBeep ? beepMs : 0, input: ['speech'] });
  const { lengthMs, end } = await listen(live, verb);
  callOff();
  stopWaiting(live);
  finishRecording(world, recording, lengthMs);
  const extra = (digits: string): WebhookParameters => [
    ['RecordingUrl', recordingUrl(recording, world.publicUrl())],
    ['RecordingSid', recording.sid],
    ['RecordingDuration', `${Math.ceil(lengthMs / 1000)}`],
    ['Digits', digits],
  ];
  if (end.kind === 'interrupted') {
    if (end.by.kind === 'hung-up' && lengthMs > 0)
      tellOfHangUp(live, { verb, place, extra: extra('hangup') });
    return end;
  }
  // Nothing was recorded: the next verb (documentation of the verb, its third example).
  if (lengthMs === 0) return next;
  return linkSource(verb.action ?? place.own(verb.method), { place, extra: extra(end.digits) });
}

interface Recorded {
  readonly lengthMs: number;
  readonly end:
    | { readonly kind: 'finished'; readonly digits: string }
    | { readonly kind: 'interrupted'; readonly by: Interrupt };
}

/** With `trim-silence` the recording ends with the last sound, otherwise when it was ended. */
async function listen(live: LiveCall, verb: RecordVerb): Promise<Recorded> {
  const { clock } = live.world;
  const since = clock.now();
  let soundUntil: number | undefined;
  const length = (now: number) => {
    if (soundUntil === undefined) return 0;
    return (verb.trim ? Math.min(now, soundUntil) : now) - since;
  };
  for (;;) {
    const silence = verb.timeoutMs === 0 ? Number.POSITIVE_INFINITY : (soundUntil ?? since) + verb.timeoutMs;
    const signal = await nextSignal(live, Math.min(since + verb.maxLengthMs, silence));
    const now = clock.now();
    if (signal === undefined) return { lengthMs: length(now), end: { kind: 'finished', digits: '' } };
    if (isInterrupt(signal)) return { lengthMs: length(now), end: { kind: 'interrupted', by: signal } };
    if (signal.kind === 'speech') soundUntil = Math.max(soundUntil ?? 0, now + sayingMs(signal.text));
    const key =
      signal.kind === 'keys' ? [...signal.digits].find((each) => verb.finishOnKey.includes(each)) : '';
    if (key) return { lengthMs: length(now), end: { kind: 'finished', digits: key } };
  }
}

function callbackOf({ callback }: RecordVerb, place: Place) {
  const url = callback && absolute(place, callback.url);
  return url === undefined || !callback ? undefined : { ...callback, url };
}

interface HangUp {
  readonly verb: RecordVerb;
  readonly place: Place;
  readonly extra: WebhookParameters;
}

/** The action hears of it all the same, with `Digits=hangup` and a completed call (captured); its answer is ignored. */
function tellOfHangUp({ world, record: call }: LiveCall, { verb, place, extra }: HangUp): void {
  const link = verb.action ?? place.own(verb.method);
  const url = absolute(place, link.url);
  if (url === undefined) return;
  planCallback(world, {
    kind: 'action-after-hangup',
    accountSid: call.accountSid,
    resourceSid: call.sid,
    callSid: call.sid,
    event: 'Record',
    hook: { url, method: link.method },
    params: [...callParameters(call, 'completed'), ...extra],
  });
}
