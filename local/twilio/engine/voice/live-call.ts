import type { CallRecord, EndCause, Source, TranscriptEntry, Waiting } from '../../domain/voice/call.ts';
import type { AccountRecord } from '../../state/simulator-state.ts';
import type { World } from '../world.ts';
import type { Person } from './person.ts';
import type { Interrupt, Signal } from './signals.ts';
import type { Strand } from './strand.ts';

/** A call that is under way: its record, its thread of events, and who is on the phone. */
export interface LiveCall {
  readonly world: World;
  readonly account: AccountRecord;
  readonly record: CallRecord;
  readonly strand: Strand<Signal>;
  readonly person: Person;
}

/** What a verb, or a whole document, leads to. */
export type Step =
  | { readonly kind: 'next' }
  | { readonly kind: 'goto'; readonly source: Source }
  | { readonly kind: 'left' }
  /** The document cannot be executed: Twilio goes to the fallback URL. */
  | { readonly kind: 'failed'; readonly errorCode: number; readonly detail: string }
  | { readonly kind: 'ended'; readonly cause: EndCause }
  | { readonly kind: 'interrupted'; readonly by: Interrupt };

export const next: Step = { kind: 'next' };

/** `Omit` that keeps the members of a union apart. */
type WithoutInstant<T> = T extends unknown ? Omit<T, 'at'> : never;

export function write(live: LiveCall, entry: WithoutInstant<TranscriptEntry>): TranscriptEntry {
  const complete: TranscriptEntry = { ...entry, at: live.world.clock.now() };
  live.record.transcript.push(complete);
  return complete;
}

export function startWaiting(live: LiveCall, waiting: Omit<Waiting, 'since'>): void {
  live.record.waiting = { ...waiting, since: live.world.clock.now() };
}

export function stopWaiting(live: LiveCall): void {
  live.record.waiting = undefined;
}

export const findLive = (world: World, callSid: string): LiveCall | undefined => world.liveCalls.get(callSid);
