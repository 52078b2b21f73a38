import type { Clock } from '../clock.ts';
import { createRandom, type Random } from '../domain/random.ts';
import type { CallRecord } from '../domain/voice/call.ts';
import type { PhoneBehaviour } from '../domain/voice/phone-behaviour.ts';
import type { Timing } from '../options.ts';
import type {
  AccountRecord,
  DebuggerEntry,
  Job,
  NumberRecord,
  SimulatorState,
} from '../state/simulator-state.ts';
import type { WebhookTransport } from '../webhooks/webhook-transport.ts';
import type { LiveCall } from './voice/live-call.ts';
import type { Person } from './voice/person.ts';

/** `Omit` that keeps the members of a union apart. */
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
export type NewJob = WithoutId<Job>;

/** What every part of the engine works on. */
export interface World {
  readonly state: SimulatorState;
  readonly clock: Clock;
  readonly transport: WebhookTransport;
  readonly timing: Timing;
  /** The origin of media URLs. */
  readonly publicUrl: () => string;
  readonly log: (line: string) => void;
  /** Create requests under way, and how many may be at once. */
  readonly load: { creates: number; readonly mostCreates: number };
  readonly schedule: (job: NewJob) => void;
  /** Calls that are under way, by CallSid. */
  readonly liveCalls: Map<string, LiveCall>;
  /** Calls that wait for somebody to come into a queue, by QueueSid. */
  readonly queueWaiters: Map<string, readonly string[]>;
  /** Who picks up at an address, where code says so. */
  readonly personAt: ((address: string) => Person | undefined) | undefined;
  /** What a phone does that is called, where code says so. */
  readonly behaviourOf?: ((address: string) => PhoneBehaviour | undefined) | undefined;
  /** Told when a call is over and everything that it led to is on the clock. */
  readonly onCallOver: (call: CallRecord) => Promise<void>;
}

/** The next number of a series that survives restarts, from 1. */
export function nextOrdinal(world: World, series: string): number {
  const ordinal = (world.state.counters[series] ?? 0) + 1;
  world.state.counters[series] = ordinal;
  return ordinal;
}

/** A new SID: the same one in every run with the same seed and the same requests before it. */
export function newSid(world: World, prefix: string): string {
  const series = prefix === 'MM' ? 'SM' : prefix;
  return `${prefix}${createRandom(world.state.seed, 'sid', series, nextOrdinal(world, `sid:${series}`)).hex(32)}`;
}

/** Randomness of faults, which `PUT /simulator/faults {seed}` starts anew. */
export function faultRandom(world: World, purpose: string): Random {
  const ordinal = nextOrdinal(world, `fault:${purpose}`);
  return createRandom(world.state.faultSeed, 'fault', purpose, ordinal);
}

export const findAccount = (world: World, accountSid: string): AccountRecord | undefined =>
  world.state.accounts.find((account) => account.accountSid === accountSid);

export interface OwnedNumber {
  readonly account: AccountRecord;
  readonly number: NumberRecord;
}

/** Which account an address belongs to, whatever the account. */
export function findNumber(world: World, address: string): OwnedNumber | undefined {
  for (const account of world.state.accounts) {
    const number = account.numbers.find(({ phoneNumber }) => phoneNumber === address);
    if (number) return { account, number };
  }
  return undefined;
}

export function report(world: World, entry: Omit<DebuggerEntry, 'at'>): void {
  world.state.debugger.push({ at: world.clock.now(), ...entry });
  world.log(`${entry.level} ${entry.errorCode} ${entry.resourceSid}: ${entry.detail}`);
}
