import type { Scope } from './scope.ts';

/** How we came to know what a person wants. */
export const SOURCES = [
  'keyword',
  'free-text',
  'api',
  'import',
  'twilio-21610',
  'review',
  'deactivation',
] as const;
export type ConsentSource = (typeof SOURCES)[number];

/** One record of the ledger, as it is asked for; instants in epoch milliseconds. */
export interface ConsentCommand {
  /** Names the record for ever: a MessageSid, an intent, the hash of an idempotency key. */
  readonly recordId: string;
  /** `start` lifts an opt-out and nothing else; `opt-in` carries a proof. */
  readonly kind: 'opt-in' | 'opt-out' | 'start';
  readonly scope: Scope;
  readonly source: ConsentSource;
  /** When the person said it. */
  readonly occurredAt: number;
}

/** What the ledger says of one address in one scope. */
export interface Standing {
  readonly scope: Scope;
  readonly status: 'opted-in' | 'opted-out';
  /** When the person said so. */
  readonly since: number;
  readonly recordId: string;
  readonly source: ConsentSource;
}

/**
 *   none ──opt-in──▶ opted-in ──opt-out──▶ opted-out ──START or opt-in, later than it──▶ opted-in
 *     └───────────────opt-out────────────────▶
 */
export type ConsentEvent =
  | { readonly type: 'opted-out'; readonly standing: Standing }
  | { readonly type: 'opted-in'; readonly standing: Standing }
  /** Nothing is another than before, but an opt-out may be known to be newer. */
  | { readonly type: 'noted'; readonly reason: string; readonly standing?: Standing };

/** What a record changes. Late, repeated and contradicting records are kept, and change nothing that is newer. */
export function decide(command: ConsentCommand, current: Standing | undefined): ConsentEvent {
  if (current?.recordId === command.recordId)
    return { type: 'noted', reason: 'it is the record that stands' };
  switch (command.kind) {
    case 'opt-out':
      return decideOptOut(command, current);
    case 'opt-in':
      return decideOptIn(command, current);
    case 'start':
      return decideStart(command, current);
    default:
      return command.kind satisfies never;
  }
}

function decideOptOut(command: ConsentCommand, current: Standing | undefined): ConsentEvent {
  if (current?.status === 'opted-out') {
    const since = Math.max(current.since, command.occurredAt);
    return { type: 'noted', reason: 'opted out already', standing: { ...current, since } };
  }
  // At the same instant the opt-out wins.
  if (current !== undefined && command.occurredAt < current.since)
    return { type: 'noted', reason: 'the person opted in later than this' };
  return { type: 'opted-out', standing: standingOf(command, 'opted-out') };
}

function decideOptIn(command: ConsentCommand, current: Standing | undefined): ConsentEvent {
  if (current !== undefined && command.occurredAt <= current.since)
    return current.status === 'opted-out'
      ? { type: 'noted', reason: 'the person opted out later than this' }
      : { type: 'noted', reason: 'an opt-in that is not older stands' };
  return { type: 'opted-in', standing: standingOf(command, 'opted-in') };
}

/** START is no proof of consent for who never opted out: it lifts what it is later than. */
function decideStart(command: ConsentCommand, current: Standing | undefined): ConsentEvent {
  if (current?.status !== 'opted-out') return { type: 'noted', reason: 'there is no opt-out to lift' };
  if (command.occurredAt <= current.since)
    return { type: 'noted', reason: 'the opt-out is not older than this' };
  return { type: 'opted-in', standing: standingOf(command, 'opted-in') };
}

const standingOf = (command: ConsentCommand, status: Standing['status']): Standing => ({
  scope: command.scope,
  status,
  since: command.occurredAt,
  recordId: command.recordId,
  source: command.source,
});

/** The standing after an event. */
export const evolve = (current: Standing | undefined, event: ConsentEvent): Standing | undefined =>
  event.standing ?? current;
