/** What is known of when a keyword was sent; epoch milliseconds. */
export interface SentKeyword {
  /** When we learned of it. */
  readonly receivedAt: number;
  /** Twilio's `date_created`, whole seconds; absent where it was not asked for or not answered. */
  readonly createdAt?: number;
}

/** Webhooks carry no time of their own, and overtake each other by less than this. */
const NEAR_MILLISECONDS = 60_000;

/** Whether the order of arrival proves nothing: the two came close together, or one of them not by its webhook. */
export const isOrderInDoubt = (
  start: SentKeyword & { readonly source: string },
  optOut: SentKeyword,
): boolean =>
  start.source !== 'webhook' || Math.abs(start.receivedAt - optOut.receivedAt) <= NEAR_MILLISECONDS;

/**
 * When a START counts as said, relative to the opt-out that it would lift: later only where that is certain. Of two
 * keywords in the same second, and of what Twilio does not date, the opt-out is the last word.
 */
export function settledInstant(start: SentKeyword, optOut: SentKeyword, inDoubt: boolean): number {
  if (!inDoubt) return start.receivedAt;
  const isLater =
    start.createdAt !== undefined && optOut.createdAt !== undefined && start.createdAt > optOut.createdAt;
  return isLater
    ? Math.max(start.receivedAt, optOut.receivedAt + 1)
    : Math.min(start.receivedAt, optOut.receivedAt);
}
