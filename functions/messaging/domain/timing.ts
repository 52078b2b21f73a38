/**
 * The law of times (protocols: 4), milliseconds:
 *
 *   armedAt ├── guard 8 s ──┤
 *           ├──────────── function timeout 20 s ─────────────┤
 *           ├─────────────────────── sweep after 30 s ────────────────────────┤ UNKNOWN
 *                           HTTP 8 s ends inside the function's time; SQS shows the message again after 120 s.
 */
export const HTTP_TIMEOUT_MILLISECONDS = 8_000;
/** Longer than this after arming, the POST is not begun any more. */
export const GUARD_MILLISECONDS = 8_000;
/** The POST needs its own time-out and 3 s to record the outcome. */
export const NEEDED_MILLISECONDS = HTTP_TIMEOUT_MILLISECONDS + 3_000;
/** Function time-out + HTTP time-out + 2 s: after it no code of the arming invocation can run. */
export const SWEEP_ARMED_AFTER_MILLISECONDS = 30_000;
/** A dispatched intent that is still PENDING after this is dispatched again: its queue message was lost. */
export const REDISPATCH_AFTER_MILLISECONDS = 5 * 60_000;
/** The tick runs every minute and takes what falls due before the next one. */
export const TICK_MILLISECONDS = 60_000;
const MINUTE_MILLISECONDS = 60_000;
/** An accepted message without a final status is asked for at Twilio this long after acceptance: OTPs soon, others later. */
const STATUS_POLL_MINUTES = { otp: [1, 3, 10, 30], other: [15, 60, 240, 720] };

/** The next poll after `now`; undefined when nothing more is to be learned. */
export function nextStatusPollAt(acceptedAt: number, trafficClass: string, now: number): number | undefined {
  const minutes = trafficClass === 'otp' ? STATUS_POLL_MINUTES.otp : STATUS_POLL_MINUTES.other;
  return minutes.map((after) => acceptedAt + after * MINUTE_MILLISECONDS).find((at) => at > now);
}

/** A call is over within minutes mostly, within four hours always (vendor limit): asked for while that matters. */
const CALL_POLL_MINUTES = [3, 10, 30, 90, 270, 720];

/** The next poll of a call's status after `now`; undefined when nothing more is to be learned. */
export const nextCallPollAt = (placedAt: number, now: number): number | undefined =>
  CALL_POLL_MINUTES.map((after) => placedAt + after * MINUTE_MILLISECONDS).find((at) => at > now);

/** How long after a 429 or a failed connection the next try comes: doubled per attempt, half of it jitter. */
export const BACKOFF_BASE_MILLISECONDS = 2_000;
export const BACKOFF_CAP_MILLISECONDS = 5 * 60_000;
const DAY_MILLISECONDS = 86_400_000;
/** Content (address, body, media) is erased from the intent this long after its creation. */
export const CONTENT_RETENTION_MILLISECONDS = 30 * DAY_MILLISECONDS;
/** The intent itself, and with it its idempotency key: from its deadline on, however far ahead that lies. */
export const INTENT_RETENTION_SECONDS = 400 * 86_400;
/** Attempts and effect rows: as long as late callbacks and redriven messages can come. */
export const EVIDENCE_RETENTION_SECONDS = 60 * 86_400;

/** Delay before the next try after `attempts` of them; `fraction` is uniform in [0, 1). */
export function backoffMilliseconds(attempts: number, fraction: number, retryAfterSeconds = 0): number {
  const ceiling = Math.min(BACKOFF_CAP_MILLISECONDS, BACKOFF_BASE_MILLISECONDS * 2 ** Math.min(attempts, 20));
  return Math.max(retryAfterSeconds * 1000, Math.ceil(ceiling * (0.5 + fraction / 2)));
}
