/** A stretch of one account's messages, by the instants of their creation (epoch milliseconds, both ends included). */
export interface Sweep {
  readonly since: number;
  readonly through: number;
  /** Where to go on in Twilio's list; absent at its newest end. */
  readonly page?: string;
}

/** How far an account has been swept. */
export interface PollMark {
  /** Everything created until then has been seen. */
  readonly through: number;
  /** A sweep that had to stop on its way. */
  readonly unfinished?: Sweep & { readonly page: string };
}

/**
 *   mark.through - overlap ├───────────── sweep ─────────────┤ now - grace ├ now
 *
 * Twilio's list lags, so that what is behind the mark is looked at again. A webhook may take 15 s with its retries (vendor
 * limit): younger messages are still on their way, and taking them from the list would lose what only webhooks tell.
 */
const OVERLAP_MILLISECONDS = 10 * 60_000;
const GRACE_MILLISECONDS = 60_000;
const DAY_MILLISECONDS = 86_400_000;
/** So much sooner than its claim, a message is forgotten. */
const MARGIN_MILLISECONDS = 3_600_000;

/** Where an account begins that was never polled: what came before is not answered today. */
export const firstMark = (now: number): PollMark => ({ through: now - GRACE_MILLISECONDS });

/** Never older than the inbox remembers: a message whose claim has expired would be taken for a missed one. */
export const nextSweep = (mark: PollMark, now: number, retentionDays: number): Sweep => {
  const oldest = now - retentionDays * DAY_MILLISECONDS + MARGIN_MILLISECONDS;
  const { unfinished } = mark;
  if (unfinished !== undefined) return { ...unfinished, since: Math.max(unfinished.since, oldest) };
  return {
    since: Math.max(mark.through - OVERLAP_MILLISECONDS, oldest),
    through: Math.max(mark.through, now - GRACE_MILLISECONDS),
  };
};

interface Dated {
  readonly createdAt: number;
  readonly sentAt?: number;
}

export const isWithin = ({ createdAt }: Dated, { since, through }: Sweep): boolean =>
  createdAt >= since && createdAt <= through;

/** Whether a list that goes on after this message, newest first, has nothing of the sweep any more. */
export const isPast = ({ createdAt, sentAt = createdAt }: Dated, { since }: Sweep): boolean =>
  // A scheduled message stands in the list by one of its two times.
  Math.max(createdAt, sentAt) < since;

/**
 * How far the account has been swept now. A page that Twilio did not answer is not gone back to, for it may have
 * forgotten the page; what was kept of the sweep is lost, and the mark stays.
 */
export const markAfter = (
  mark: PollMark,
  { since, through }: Sweep,
  end: { readonly kind: 'swept' | 'out-of-time' | 'throttled' | 'unavailable'; readonly page?: string },
): PollMark => {
  if (end.kind === 'swept') return { through: Math.max(mark.through, through) };
  return end.page === undefined
    ? { through: mark.through }
    : { through: mark.through, unfinished: { since, through, page: end.page } };
};
