import type { Trouble } from '../../shared/contract/error-policy-schema.ts';

const MINUTE_MILLISECONDS = 60_000;

/** Messages of one minute of arming, by what is known of them. */
export interface MinuteCount {
  /** Epoch minutes. */
  readonly minute: number;
  readonly sent: number;
  readonly failed: number;
}

export interface TroubleVerdict {
  readonly isInTrouble: boolean;
  readonly failed: number;
  /** Estimated: one send in `SENDS_A_SAMPLE` is counted for all of them. */
  readonly sent: number;
}

/**
 * Sends are counted by samples, so that counting costs a fifth of a write a message; failures, which are few, are counted
 * exactly.
 */
export const SENDS_A_SAMPLE = 5;

export const minuteOf = (milliseconds: number): number => Math.floor(milliseconds / MINUTE_MILLISECONDS);

export const windowStart = ({ windowMinutes }: Trouble, now: number): number => minuteOf(now) - windowMinutes;

/**
 * Whether so many of the messages that were armed within the window failed that their sender must stop. What was armed
 * before the last stop (`since`, epoch milliseconds) was judged then.
 */
export function judgeTrouble(
  counts: readonly MinuteCount[],
  trouble: Trouble,
  { now, since }: { readonly now: number; readonly since: number | undefined },
): TroubleVerdict {
  const first = Math.max(windowStart(trouble, now), since === undefined ? 0 : minuteOf(since) + 1);
  const counted = counts.filter(({ minute }) => minute >= first);
  const failed = counted.reduce((sum, count) => sum + count.failed, 0);
  const sent = Math.max(
    failed,
    counted.reduce((sum, count) => sum + count.sent, 0),
  );
  return {
    isInTrouble: failed >= trouble.minimumFailures && failed >= trouble.rate * sent,
    failed,
    sent,
  };
}

/** Whose messages are counted together, and are paused together: the campaign's, where they have one, or the pool's. */
export const troubleScope = (
  { pool, campaign }: { readonly pool: string; readonly campaign?: string },
  { stops }: Trouble,
): string => (stops === 'campaign' && campaign !== undefined ? `campaign:${campaign}` : `pool:${pool}`);

/** Every scope that a message is counted in. */
export const scopesOf = ({ pool, campaign }: { readonly pool: string; readonly campaign?: string }) => [
  `pool:${pool}`,
  ...(campaign === undefined ? [] : [`campaign:${campaign}`]),
];
