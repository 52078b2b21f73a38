import { findLive, type LiveCall, startWaiting, stopWaiting, write } from './live-call.ts';
import { ask } from './person.ts';
import { type Interrupt, isInterrupt } from './signals.ts';
import { nextSignal } from './wait.ts';

export interface Bridge {
  readonly peerSid: string;
  readonly until?: number | undefined;
  readonly hangupOnStar?: boolean | undefined;
}

/** How it ended, and how long it lasted. */
export type Talked = Parting & { readonly ms: number };

type Parting =
  | { readonly kind: 'peer-gone' }
  | { readonly kind: 'time-limit' }
  | { readonly kind: 'star' }
  | { readonly kind: 'interrupted'; readonly by: Interrupt };

/** Two calls hear each other until one of them goes; the other one is told. */
export async function talk(live: LiveCall, bridge: Bridge): Promise<Talked> {
  const { world } = live;
  const since = world.clock.now();
  const heard = write(live, { kind: 'heard', what: 'bridge', text: peerName(live, bridge.peerSid), ms: 0 });
  startWaiting(live, { verb: 'Dial', promptsEndAt: since });
  const callOff = ask(live, { kind: 'bridge', promptMs: 0 });
  const talked = await untilSomebodyGoes(live, bridge);
  callOff();
  stopWaiting(live);
  const ms = world.clock.now() - since;
  if (heard.kind === 'heard') heard.ms = ms;
  if (talked.kind !== 'peer-gone') tell(live, bridge.peerSid, 'peer-gone');
  return { ...talked, ms };
}

async function untilSomebodyGoes(live: LiveCall, bridge: Bridge): Promise<Parting> {
  for (;;) {
    const signal = await nextSignal(live, bridge.until);
    if (signal === undefined) return { kind: 'time-limit' };
    if (isInterrupt(signal)) return { kind: 'interrupted', by: signal };
    if (signal.kind === 'peer-gone' && signal.callSid === bridge.peerSid) return { kind: 'peer-gone' };
    if (signal.kind === 'leg-over' && signal.callSid === bridge.peerSid) return { kind: 'peer-gone' };
    if (bridge.hangupOnStar && signal.kind === 'keys' && signal.digits.includes('*')) return { kind: 'star' };
  }
}

/** Says something about this call to another one. */
export function tell(
  live: LiveCall,
  otherSid: string | undefined,
  kind: 'leg-answered' | 'leg-over' | 'bridged' | 'peer-gone',
): void {
  if (otherSid === undefined) return;
  findLive(live.world, otherSid)?.strand.send({ kind, callSid: live.record.sid });
}

function peerName({ world, record }: LiveCall, peerSid: string): string {
  const peer = world.state.voice.calls[peerSid];
  if (!peer) return peerSid;
  return peer.parentCallSid === record.sid || peer.direction !== 'inbound' ? peer.to : peer.from;
}
