import { type LiveCall, type Step, write } from './live-call.ts';
import { type Interrupt, isInterrupt, type Signal } from './signals.ts';

/** The next signal that means something here, an interrupt, or undefined at the instant. */
export async function nextSignal(live: LiveCall, until?: number): Promise<Signal | undefined> {
  const signal = await live.strand.wait(until);
  if (signal) writeSignal(live, signal);
  return signal;
}

/** Lets time pass; only an interrupt ends it early. Keys and speech that nobody asked for are lost (assumption). */
export async function passTime(live: LiveCall, until: number | undefined): Promise<Interrupt | undefined> {
  for (;;) {
    const signal = await nextSignal(live, until);
    if (signal === undefined) return undefined;
    if (isInterrupt(signal)) return signal;
  }
}

/** An interrupt that came while the call was busy with a request. */
export function pendingInterrupt(live: LiveCall): Step | undefined {
  const signal = live.strand.take(isInterrupt);
  if (!signal || !isInterrupt(signal)) return undefined;
  writeSignal(live, signal);
  return { kind: 'interrupted', by: signal };
}

function writeSignal(live: LiveCall, signal: Signal): void {
  switch (signal.kind) {
    case 'keys':
      write(live, { kind: 'did', what: 'keys', text: signal.digits });
      return;
    case 'speech':
      write(live, { kind: 'did', what: 'speech', text: signal.text });
      return;
    case 'hung-up':
      write(live, { kind: 'did', what: 'hangup', text: '' });
      return;
    case 'picked-up':
    case 'member-joined':
    case 'redirected':
    case 'completed-by-api':
    case 'canceled':
    case 'time-limit':
    case 'dequeued':
    case 'leg-answered':
    case 'leg-over':
    case 'bridged':
    case 'peer-gone':
  }
}
