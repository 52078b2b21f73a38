import type { Intent } from './intent.ts';

/**
 * Two-phase sending: Twilio gets the message ahead of its time (`SendAt`, fixed schedule). What went wrong with the POST
 * is found out before anything reaches the recipient, and until then the message can be called off at Twilio.
 *
 *   notBefore ├── POST with SendAt, settle, cancel ──────────────┤ sendAt ── Twilio sends
 *                                            ├─ 900 s: Twilio takes no schedule any more ─┤
 */

/** Twilio's least notice: 300 s by error 35115, 900 s by its guides (docs/unverified.md); the longer holds for both. */
const LEAST_NOTICE_MILLISECONDS = 900_000;
/** The request itself takes time, and clocks differ. */
const MARGIN_MILLISECONDS = 30_000;

/** When Twilio is given a message that is due at `sendAt`; `aheadSeconds` of the pool, undefined without two phases. */
export const handOverAt = (sendAt: number, aheadSeconds: number | undefined, now: number): number =>
  aheadSeconds === undefined ? Math.max(now, sendAt) : Math.max(now, sendAt - aheadSeconds * 1000);

/** Whether Twilio would still take the message's schedule. */
export const canBeScheduled = (sendAt: number, now: number): boolean =>
  sendAt - now >= LEAST_NOTICE_MILLISECONDS + MARGIN_MILLISECONDS;

/** When the recipient gets it: at its time, where Twilio is to hold it until then, else at once. */
export const reachesAt = (now: number, sendAt: number | undefined): number =>
  sendAt !== undefined && canBeScheduled(sendAt, now) ? sendAt : now;

/** Accepted by Twilio, and not due yet: it may be called off there. */
export const isScheduledAtTwilio = ({ state, sendAt, status }: Intent, now: number): boolean =>
  state === 'ACCEPTED' &&
  sendAt !== undefined &&
  sendAt > now &&
  (status === undefined || status.state === 'scheduled' || status.state === 'accepted');
