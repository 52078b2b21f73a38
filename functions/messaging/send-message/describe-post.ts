import { HOOK_ROUTES } from '../../shared/contract/routes.ts';
import type { CreateMessageRequest } from '../../shared/ports/twilio-messages.ts';
import type { Attempt, Intent } from '../domain/intent.ts';

/** What a status callback asks of Twilio: five quick tries on anything, all within its 15 s (connection overrides). */
const STATUS_CALLBACK_OVERRIDES = '#rc=5&rp=all&ct=2000&rt=4000';

/** Twilio takes 1 to 36,000 s; below five it recommends nothing. */
const MINIMUM_VALIDITY_SECONDS = 5;

/** The POST of an attempt: its token in the StatusCallback path, its life bounded by the intent's deadline. */
export function describePost(
  intent: Intent,
  attempt: Attempt,
  hooksOrigin: string,
  now: number,
): CreateMessageRequest {
  const path = HOOK_ROUTES.messageStatusOfAttempt
    .replace('{accountSid}', intent.accountSid)
    .replace('{token}', attempt.token);
  const untilDeadline = Math.floor((intent.deadline - now) / 1000);
  return {
    accountSid: intent.accountSid,
    to: intent.to ?? '',
    messagingServiceSid: intent.messagingServiceSid,
    ...(intent.body === undefined ? {} : { body: intent.body }),
    ...(intent.mediaUrls === undefined ? {} : { mediaUrls: intent.mediaUrls }),
    statusCallback: `${hooksOrigin}${path}${STATUS_CALLBACK_OVERRIDES}`,
    validityPeriod: Math.max(MINIMUM_VALIDITY_SECONDS, Math.min(untilDeadline, intent.validitySeconds)),
  };
}
