import type { HoursRule, OpenState } from './hours-rule.ts';

/** One rule by one zone's clock: a recipient who may be in several zones is bound by all of them. */
export interface Bond {
  readonly rule: HoursRule;
  readonly zone: string;
}

export type LegalHours =
  /** Legal at the instant that was asked for, and until `until`, or longer than was looked at. */
  | { readonly kind: 'open'; readonly until?: number }
  /** Legal from `until` on; `by` is what keeps it closed longest. */
  | { readonly kind: 'closed'; readonly until: number; readonly by: Bond }
  /** There is no instant at which all are open at once. */
  | { readonly kind: 'never'; readonly by: Bond };

/** Every rule comes round within a week; holidays in a row shift it, an own rule's first or last day may. */
const LOOK_AHEAD_MILLISECONDS = 21 * 86_400_000;

/** Whether all bonds are open at `instant`, and if not, when they will be; an open one is followed until `followUntil`. */
export function legalHours(bonds: readonly Bond[], instant: number, followUntil: number): LegalHours {
  const closed = longestClosed(bonds, instant);
  if (closed !== undefined) return firstOpening(bonds, closed, instant + LOOK_AHEAD_MILLISECONDS);
  const until = firstClosing(bonds, instant, followUntil);
  return until === undefined ? { kind: 'open' } : { kind: 'open', until };
}

interface Closed {
  readonly by: Bond;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** Leaps from the end of one closed time to the next, until nothing is closed. */
function firstOpening(bonds: readonly Bond[], first: Closed, end: number): LegalHours {
  let last = first;
  while (last.until <= end) {
    const closed = longestClosed(bonds, last.until);
    if (closed === undefined) return { kind: 'closed', ...last };
    last = closed;
  }
  return { kind: 'never', by: last.by };
}

/** Of two that end at once the later in the list is told: the more special one. */
const longestClosed = (bonds: readonly Bond[], at: number): Closed | undefined =>
  bonds.reduce<Closed | undefined>((longest, by) => {
    const { isOpen, until } = stateOf(by, at);
    return isOpen || (longest !== undefined && longest.until > until) ? longest : { by, until };
  }, undefined);

/** Undefined where nothing closes before `end`. */
function firstClosing(bonds: readonly Bond[], instant: number, end: number): number | undefined {
  let at = instant;
  while (at < end) {
    const states = bonds.map((bond) => stateOf(bond, at));
    if (states.some(({ isOpen }) => !isOpen)) return at;
    at = Math.min(end, ...states.map(({ until }) => until));
  }
  return undefined;
}

const stateOf = ({ rule, zone }: Bond, at: number): OpenState => rule.stateAt(zone, at);
