/** What senders have taken of a pool's rate, shared by all of them. */
export interface RateCounter {
  readonly version: number;
  /** The second for which `taken` counts, epoch seconds. */
  readonly window: number;
  /** More than the rate after a message that has more segments than the rate: the seconds behind it pay for it. */
  readonly taken: number;
}

export interface LeaseRequest {
  /** Now, epoch seconds. */
  readonly second: number;
  /** Segments a second. */
  readonly rate: number;
  /** Fewer are of no use. */
  readonly least: number;
  /** More are not wanted. */
  readonly most: number;
}

export type Lease =
  | { readonly kind: 'leased'; readonly tokens: number; readonly counter: RateCounter }
  /** Nothing before `second`. */
  | { readonly kind: 'none'; readonly second: number };

/** Clocks of senders differ by this much at most; a counter further ahead was written by a broken clock. */
const MOST_SKEW_SECONDS = 2;

/** Leases tokens of one second; what is not spent in it is lost, which wastes a little and never exceeds the rate. */
export function lease(known: RateCounter | undefined, request: LeaseRequest): Lease {
  const { rate, least, most } = request;
  const window = windowOf(known, request.second);
  const taken = known === undefined ? 0 : takenIn(known, window, rate);
  const tokens = taken === 0 ? Math.max(least, Math.min(rate, most)) : Math.min(rate - taken, most);
  if (tokens < least) return { kind: 'none', second: window + Math.max(1, Math.floor(taken / rate)) };
  const counter = { version: (known?.version ?? 0) + 1, window, taken: taken + tokens };
  return { kind: 'leased', tokens, counter };
}

/** Senders whose clocks lag take part in the window of those that are ahead. */
function windowOf(known: RateCounter | undefined, second: number): number {
  const ahead = (known?.window ?? 0) - second;
  return ahead > 0 && ahead <= MOST_SKEW_SECONDS ? second + ahead : second;
}

function takenIn(counter: RateCounter, window: number, rate: number): number {
  const passed = window - counter.window;
  return passed < 0 ? 0 : Math.max(0, counter.taken - passed * rate);
}

/**
 * How many tokens a sender leases at once: a fifth of the rate at most, and no more than it will spend in what is left of
 * the second, going by the second before. Leased and not spent is throughput lost to the others.
 */
export function wantedTokens(
  needed: number,
  rate: number,
  { spentBefore, now }: { readonly spentBefore: number; readonly now: number },
): number {
  const block = Math.max(1, Math.round(rate / 5));
  const leftOfSecond = 1 - (now % 1000) / 1000;
  return Math.max(needed, Math.min(block, Math.ceil(spentBefore * leftOfSecond)));
}

/**
 * When a sender without a token tries again, epoch milliseconds: spread over the second, but early enough in it that a
 * text of many segments finds its tokens untouched.
 */
export function nextTryAt(second: number, tokens: number, rate: number, fraction: number): number {
  return second * 1000 + Math.floor(fraction * 1000 * Math.max(0, 1 - tokens / rate));
}
