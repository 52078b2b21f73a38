import type { EndCause, OutboundPlan, Source } from '../../domain/voice/call.ts';
import { detectMachine } from '../../domain/voice/detect-machine.ts';
import type { PhoneBehaviour } from '../../domain/voice/phone-behaviour.ts';
import { dialTonesMs } from '../../domain/voice/speaking.ts';
import { endCall, startRinging } from './call-status.ts';
import type { LiveCall } from './live-call.ts';
import { startRecording } from './recordings.ts';
import { reportMachineDetection } from './report-call.ts';
import { ring } from './ring.ts';
import { runDocuments } from './run-documents.ts';
import type { Interrupt } from './signals.ts';
import { passTime } from './wait.ts';

/** A phone has called one of the numbers: it rings until the first document answers. */
export async function runInboundCall(live: LiveCall, source: Source | undefined): Promise<void> {
  live.record.startedAt = live.world.clock.now();
  startRinging(live);
  endCall(live, source === undefined ? 'unreachable' : await converse(live, source));
}

/** A call that the API asked for: its turn, the ringing, the detection, the documents. */
export async function runOutboundCall(
  live: LiveCall,
  plan: OutboundPlan,
  phone: PhoneBehaviour,
): Promise<void> {
  endCall(live, await placeCall(live, plan, phone));
}

async function placeCall(live: LiveCall, plan: OutboundPlan, phone: PhoneBehaviour): Promise<EndCause> {
  const early = await passTime(live, live.record.createdAt + live.record.queueMs);
  if (early) return 'canceled';
  const rung = await ring(live, phone, plan.timeoutMs);
  if (rung.kind === 'over') return rung.cause;
  if (plan.record) startRecording(live.world, live.record, plan.record);
  const interrupt = (await sendDigits(live, plan)) ?? (await detect(live, plan, phone));
  return interrupt ? afterInterrupt(live, interrupt) : converse(live, plan.source);
}

async function sendDigits(live: LiveCall, { sendDigits: digits }: OutboundPlan) {
  if (digits === undefined) return undefined;
  return passTime(live, live.world.clock.now() + dialTonesMs(digits));
}

/** A call waits for the verdict before it fetches its document, unless the detection is asynchronous. */
async function detect(
  live: LiveCall,
  { machineDetection: detection }: OutboundPlan,
  phone: PhoneBehaviour,
): Promise<Interrupt | undefined> {
  if (!detection) return undefined;
  const { clock } = live.world;
  const { answeredBy, afterMs } = detectMachine(detection, phone);
  const at = clock.now() + afterMs;
  if (!detection.async) {
    const interrupt = await passTime(live, at);
    if (!interrupt) live.record.answeredBy = answeredBy;
    return interrupt;
  }
  const hook = detection.async.callback;
  clock.schedule(at, async () => {
    if (live.record.endedAt !== null) return;
    live.record.answeredBy = answeredBy;
    if (hook) reportMachineDetection(live, { hook, answeredBy, durationMs: afterMs });
  });
  return undefined;
}

/** Documents until the call is over, those included that the API sends it to meanwhile. */
export async function converse(live: LiveCall, first: Source): Promise<EndCause> {
  const run = await runDocuments(live, first, 'call');
  switch (run.kind) {
    case 'next':
    case 'left':
      return 'end-of-document';
    case 'ended':
      return run.cause;
    case 'interrupted':
      return afterInterrupt(live, run.by);
  }
}

export function afterInterrupt(live: LiveCall, interrupt: Interrupt): EndCause | Promise<EndCause> {
  switch (interrupt.kind) {
    case 'hung-up':
      return 'hung-up-by-phone';
    case 'completed-by-api':
      return 'completed-by-api';
    case 'canceled':
      return 'canceled';
    case 'time-limit':
      return 'time-limit';
    case 'redirected':
      return converse(live, interrupt.source);
    case 'dequeued':
      // It had left the queue already: whoever took it finds it gone, and it goes on from where it is.
      return 'end-of-document';
  }
}
