import type { EndCause, Source, StatusHook } from '../../domain/voice/call.ts';
import { detectMachine } from '../../domain/voice/detect-machine.ts';
import type { PhoneBehaviour } from '../../domain/voice/phone-behaviour.ts';
import { dialTonesMs } from '../../domain/voice/speaking.ts';
import { talk, tell } from './bridge.ts';
import { endCall } from './call-status.ts';
import type { LiveCall } from './live-call.ts';
import { reportMachineDetection } from './report-call.ts';
import { ring } from './ring.ts';
import { afterInterrupt } from './run-call.ts';
import { runDocuments } from './run-documents.ts';
import { isInterrupt } from './signals.ts';
import { behaviourAt, openCall, personAt, startStrand } from './start-call.ts';
import { nextSignal, passTime } from './wait.ts';

export interface NewLeg {
  readonly to: string;
  readonly from: string;
  readonly timeoutMs: number;
  /** Heard by whoever answers, before the two are connected. */
  readonly whisper?: Source | undefined;
  readonly statusHook?: StatusHook | undefined;
  readonly sendDigits?: string | undefined;
  readonly detection?:
    | {
        readonly mode: 'Enable' | 'DetectMessageEnd';
        readonly hook?: { url: string; method: 'GET' | 'POST' } | undefined;
      }
    | undefined;
}

/** One phone that a call dials: it rings on a strand of its own, and tells the parent what becomes of it. */
export function startLeg(parent: LiveCall, leg: NewLeg): LiveCall {
  const { world, account } = parent;
  const live = openCall(
    world,
    account,
    {
      direction: 'outbound-dial',
      from: leg.from,
      to: leg.to,
      parentCallSid: parent.record.sid,
      statusHook: leg.statusHook,
    },
    personAt(world, leg.to),
  );
  const phone = behaviourAt(world, leg.to);
  startStrand(live, async () => {
    const cause = await runLeg(live, leg, phone);
    endCall(live, cause);
    tell(live, parent.record.sid, 'leg-over');
  });
  return live;
}

async function runLeg(live: LiveCall, leg: NewLeg, phone: PhoneBehaviour): Promise<EndCause> {
  const parentSid = live.record.parentCallSid;
  const rung = await ring(live, phone, leg.timeoutMs);
  if (rung.kind === 'over') return rung.cause;
  detect(live, leg, phone);
  const prepared = await prepare(live, leg);
  if (prepared !== undefined) return prepared;
  tell(live, parentSid, 'leg-answered');
  for (;;) {
    const signal = await nextSignal(live);
    if (signal && isInterrupt(signal)) return afterInterrupt(live, signal);
    if (signal?.kind === 'bridged') break;
    if (signal?.kind === 'peer-gone') return 'peer-hung-up';
  }
  const talked = await talk(live, { peerSid: parentSid ?? '' });
  return talked.kind === 'interrupted' ? afterInterrupt(live, talked.by) : 'peer-hung-up';
}

/** Tones and whisper; returns the end of the leg where it does not come to a connection. */
async function prepare(live: LiveCall, leg: NewLeg): Promise<EndCause | undefined> {
  if (leg.sendDigits !== undefined) {
    const interrupt = await passTime(live, live.world.clock.now() + dialTonesMs(leg.sendDigits));
    if (interrupt) return afterInterrupt(live, interrupt);
  }
  if (!leg.whisper) return undefined;
  const run = await runDocuments(live, leg.whisper, 'whisper');
  if (run.kind === 'ended') return run.cause;
  return run.kind === 'interrupted' ? afterInterrupt(live, run.by) : undefined;
}

function detect(live: LiveCall, { detection }: NewLeg, phone: PhoneBehaviour): void {
  if (!detection) return;
  const { clock } = live.world;
  const found = detectMachine({ mode: detection.mode, timeoutMs: 30_000 }, phone);
  clock.schedule(clock.now() + found.afterMs, async () => {
    if (live.record.endedAt !== null) return;
    live.record.answeredBy = found.answeredBy;
    const { hook } = detection;
    if (hook) reportMachineDetection(live, { hook, answeredBy: found.answeredBy, durationMs: found.afterMs });
  });
}
