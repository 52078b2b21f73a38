import type { MessagePool } from '../../shared/contract/settings.ts';
import type { Moment } from './advance.ts';
import { callOff } from './canceling.ts';
import { type Intent, isCall } from './intent.ts';
import type { Transition } from './intent-event.ts';
import { isScheduledAtTwilio } from './scheduling.ts';
import { suppress } from './suppressing.ts';

export type Stopping =
  | { readonly kind: 'suppressed' | 'called-off'; readonly transition: Transition }
  /** Sent, settled, or not within the scope of the opt-out. */
  | { readonly kind: 'left' };

const REASON = 'the recipient opted out';

/** What an opt-out makes of a message that has not reached its recipient yet. */
export function stopIntent(intent: Intent, scope: string, moment: Moment): Stopping {
  if (isConfirmation(intent) || !isCovered(intent, scope)) return { kind: 'left' };
  if (intent.state === 'PENDING') return { kind: 'suppressed', transition: suppress(intent, REASON, moment) };
  if (intent.cancelRequestedAt !== undefined || isCall(intent)) return { kind: 'left' };
  return isScheduledAtTwilio(intent, moment.now)
    ? { kind: 'called-off', transition: callOff(intent, REASON, moment) }
    : { kind: 'left' };
}

const isConfirmation = (intent: Intent): boolean =>
  !isCall(intent) && intent.purpose === 'opt-out-confirmation';

/** Topics are not known of a message here: the gate judges those when it is armed. */
function isCovered(intent: Intent, scope: string): boolean {
  if (scope === 'everything' || scope === `channel:${intent.channel}`) return true;
  return !isCall(intent) && scope === `group:${intent.messagingServiceSid}`;
}

export interface OptOutWord {
  readonly source: string;
  /** Absent where no message said it. */
  readonly messageSid?: string | undefined;
  readonly answeredByTwilio?: boolean | undefined;
}

export interface Confirmation {
  readonly by: 'twilio' | 'trunkline' | 'nobody';
  readonly reason: string;
}

/** Who confirms an opt-out: exactly one, and only to who said it by a message (47 CFR 64.1200(a)(12) allows one text). */
export function confirmationOf(word: OptOutWord, pool: MessagePool | undefined): Confirmation {
  if (word.messageSid === undefined) return { by: 'nobody', reason: 'no message said it' };
  if (pool === undefined) return { by: 'nobody', reason: 'no pool of ours has this sender' };
  if (pool.optOutReply === 'ours')
    return { by: 'trunkline', reason: 'the Messaging Service leaves replies to us' };
  if (pool.channel === 'sms' && word.answeredByTwilio === true)
    return { by: 'twilio', reason: 'Twilio knows the keyword' };
  return { by: 'trunkline', reason: 'Twilio has no word like it' };
}
