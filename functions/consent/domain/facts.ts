import type { Scope } from './scope.ts';
import type { Standing } from './standing.ts';

/** The barrier of one address in one scope: what arming checks. It may be ahead of the ledger, never behind it. */
export interface Guard {
  readonly scope: Scope;
  readonly status: 'opted-out' | 'clear';
  /** Epoch milliseconds. */
  readonly since: number;
  /** Drawn anew by every write. */
  readonly stamp: string;
  /** The record that it follows from. */
  readonly recordId: string;
}

export interface ContactState {
  readonly guards: readonly Guard[];
  readonly standings: readonly Standing[];
  /** Since when a text of theirs waits for review. */
  readonly reviewSince?: number;
}

export interface Verdict {
  readonly standing: 'opted-in' | 'opted-out' | 'suspected' | 'none';
  readonly scope?: Scope;
  readonly since?: number;
}

/**
 * What holds for a send under `scopes`: an opt-out or a doubt at any linked address counts, a consent only at the address
 * that it was given for.
 */
export function judgeConsent(
  own: ContactState,
  linked: readonly ContactState[],
  scopes: readonly Scope[],
): Verdict {
  const states = [own, ...linked];
  const applies = ({ scope }: { readonly scope: Scope }): boolean => scopes.includes(scope);
  const barrier = states
    .flatMap(({ guards }) => guards)
    .find((one) => applies(one) && one.status === 'opted-out');
  if (barrier !== undefined) return verdict('opted-out', barrier);
  const reviewSince = states.find((one) => one.reviewSince !== undefined)?.reviewSince;
  if (reviewSince !== undefined) return { standing: 'suspected', since: reviewSince };
  const consent = own.standings.find((one) => applies(one) && one.status === 'opted-in');
  return consent === undefined ? { standing: 'none' } : verdict('opted-in', consent);
}

const verdict = (
  standing: Verdict['standing'],
  { scope, since }: { readonly scope: Scope; readonly since: number },
): Verdict => ({ standing, scope, since });
