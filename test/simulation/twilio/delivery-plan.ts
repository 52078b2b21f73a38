import type { RandomStream } from '../engine/random.ts';

/** What Twilio comes to know of a message, and when it says so. */
export interface StatusStep {
  readonly status: string;
  readonly errorCode?: number;
  /** Milliseconds after Twilio begins to send. */
  readonly after: number;
}

const PATHS: readonly (readonly [weight: number, steps: readonly Omit<StatusStep, 'after'>[]])[] = [
  [40, [{ status: 'sent' }, { status: 'delivered' }]],
  [20, [{ status: 'queued' }, { status: 'sent' }, { status: 'delivered' }]],
  [8, [{ status: 'queued' }, { status: 'sending' }, { status: 'sent' }, { status: 'delivered' }]],
  [6, [{ status: 'sent' }, { status: 'undelivered', errorCode: 30003 }]],
  [5, [{ status: 'queued' }, { status: 'failed', errorCode: 30007 }]],
  [4, [{ status: 'sent' }]],
  [4, [{ status: 'sent' }, { status: 'delivered' }, { status: 'read' }]],
  // A carrier that changes its mind: a handset's receipt beats the report of a failure.
  [3, [{ status: 'sent' }, { status: 'undelivered', errorCode: 30008 }, { status: 'delivered' }]],
  [2, [{ status: 'failed' }, { status: 'failed', errorCode: 30005 }]],
  // A word that no version of Trunkline knows.
  [1, [{ status: 'sent' }, { status: 'teleported' }, { status: 'delivered' }]],
];

const TOTAL = PATHS.reduce((sum, [weight]) => sum + weight, 0);

export const planDelivery = (random: RandomStream): readonly StatusStep[] => {
  let draw = random.below(TOTAL);
  const path = PATHS.find(([weight]) => {
    draw -= weight;
    return draw < 0;
  });
  let after = 0;
  return (path?.[1] ?? []).map((step, index) => {
    // The first may come before the answer to the POST.
    after += index === 0 ? random.between(10, 1_500) : random.between(50, 12_000);
    return { ...step, after };
  });
};

const RANKS = [
  'teleported',
  'accepted',
  'scheduled',
  'queued',
  'sending',
  'sent',
  'canceled',
  'undelivered',
  'failed',
  'delivered',
  'read',
];

/** The status that a set of reports comes to, by protocols.md section 5; written apart from the code under test. */
export const finalStatus = (reports: readonly { readonly status: string; readonly errorCode?: number }[]) => {
  const state = [...reports].sort((one, other) => rank(one.status) - rank(other.status)).at(-1)?.status;
  if (state !== 'undelivered' && state !== 'failed') return { state, errorCode: undefined };
  const codesOf = (words: readonly string[]) =>
    reports.filter(({ status }) => words.includes(status)).flatMap(({ errorCode }) => errorCode ?? []);
  const own = codesOf([state]);
  const codes = own.length > 0 ? own : codesOf(['undelivered', 'failed']);
  return { state, errorCode: codes.length > 0 ? Math.max(...codes) : undefined };
};

const rank = (status: string): number => {
  const found = RANKS.indexOf(status);
  if (found < 0) throw new Error(`the simulated Twilio has no status ${status}`);
  return found;
};
