import type { EndCause } from '../../domain/voice/call.ts';
import type { PhoneBehaviour } from '../../domain/voice/phone-behaviour.ts';
import { answerCall, startRinging } from './call-status.ts';
import { type LiveCall, startWaiting, stopWaiting } from './live-call.ts';
import { reportEvent } from './report-call.ts';
import { isInterrupt } from './signals.ts';
import { nextSignal } from './wait.ts';

export type Rung = { readonly kind: 'answered' } | { readonly kind: 'over'; readonly cause: EndCause };

/** Dials a phone and lets it ring until somebody answers, nobody does, or the caller gives up. */
export async function ring(live: LiveCall, phone: PhoneBehaviour, timeoutMs: number): Promise<Rung> {
  const { world, record } = live;
  record.startedAt = world.clock.now();
  reportEvent(live, 'initiated');
  const setup = await waitFor(live, world.clock.now() + world.timing.callSetupMs);
  if (setup !== 'time') return { kind: 'over', cause: setup === 'picked-up' ? 'no-answer' : setup };
  if (phone.outcome === 'unreachable' || phone.outcome === 'carrier-fails') {
    record.sipResponseCode = phone.outcome === 'unreachable' ? 404 : 503;
    return { kind: 'over', cause: 'unreachable' };
  }
  if (phone.outcome === 'busy') return { kind: 'over', cause: 'busy' };
  startRinging(live);
  startWaiting(live, { verb: 'ringing', promptsEndAt: world.clock.now() });
  const rung = await ringing(live, phone, timeoutMs);
  stopWaiting(live);
  if (rung.kind === 'answered') {
    answerCall(live);
    hangUpLater(live, phone);
  }
  return rung;
}

async function ringing(live: LiveCall, phone: PhoneBehaviour, timeoutMs: number): Promise<Rung> {
  const { clock } = live.world;
  const decided = phone.outcome === 'answers' || phone.outcome === 'rejects';
  const until = clock.now() + (decided ? Math.min(phone.ringMs, timeoutMs) : timeoutMs);
  const outcome = await waitFor(live, until);
  if (outcome === 'picked-up') return { kind: 'answered' };
  if (outcome === 'no-answer') return rejected(live);
  if (outcome !== 'time') return { kind: 'over', cause: outcome };
  if (!decided || phone.ringMs > timeoutMs) return { kind: 'over', cause: 'no-answer' };
  return phone.outcome === 'answers' ? { kind: 'answered' } : rejected(live);
}

function rejected({ record }: LiveCall): Rung {
  record.sipResponseCode = 603;
  return { kind: 'over', cause: 'rejected' };
}

/** `no-answer`: whoever is called pressed the red button. */
async function waitFor(
  live: LiveCall,
  until: number,
): Promise<'time' | 'picked-up' | Extract<EndCause, 'canceled' | 'no-answer'>> {
  for (;;) {
    const signal = await nextSignal(live, until);
    if (signal === undefined) return 'time';
    if (signal.kind === 'picked-up') return 'picked-up';
    if (signal.kind === 'hung-up') return 'no-answer';
    if (isInterrupt(signal)) return 'canceled';
  }
}

function hangUpLater({ world, strand }: LiveCall, { hangsUpAfterMs }: PhoneBehaviour): void {
  if (hangsUpAfterMs === undefined) return;
  world.clock.schedule(world.clock.now() + hangsUpAfterMs, async () => strand.send({ kind: 'hung-up' }));
}
