import type { TwilioLedger } from '../../shared/ports/twilio-ledger.ts';
import type { Moment } from '../domain/advance.ts';
import { hasFailed } from '../domain/failing.ts';
import { hold } from '../domain/holding.ts';
import type { Intent } from '../domain/intent.ts';
import type { Transition } from '../domain/intent-event.ts';
import { suppress } from '../domain/suppressing.ts';
import { readIntent, type StorePorts } from '../intent-store.ts';

export interface FirstTryPorts extends StorePorts {
  readonly ledger: Pick<TwilioLedger, 'fetchMessage'>;
}

const FAILED_AT_TWILIO = new Set(['failed', 'undelivered']);
const GOT_THROUGH = 'the first try got through after all';
const ASK_AGAIN_MILLISECONDS = 120_000;

/**
 * A second try is sent only if the first one is still a failure, in our books and in Twilio's: a carrier may change its mind
 * after it reported one, and that callback may be lost. Undefined: nothing speaks against it.
 */
export async function objectToSecondTry(
  intent: Intent,
  moment: Moment,
  ports: FirstTryPorts,
): Promise<Transition | undefined> {
  // Also where it is not due yet: the sender waits for what comes a little early, and arms it without asking again.
  const mayBeSent = intent.state === 'PENDING' && moment.now < intent.deadline;
  if (intent.retryOf === undefined || !mayBeSent) return undefined;
  const first = await readIntent(ports.tables, intent.retryOf);
  if (first?.sid === undefined || !hasFailed(first)) return suppress(intent, GOT_THROUGH, moment);
  const { accountSid, sid: messageSid } = first;
  const answer = await ports.ledger.fetchMessage({ accountSid, messageSid });
  switch (answer.kind) {
    case 'found':
      return FAILED_AT_TWILIO.has(answer.message.status) ? undefined : suppress(intent, GOT_THROUGH, moment);
    case 'absent':
    case 'throttled':
    case 'unavailable': {
      const reason = 'whether the first try failed for good could not be read at Twilio';
      const until = moment.now + ASK_AGAIN_MILLISECONDS;
      return hold(intent, reason, until, moment);
    }
    default:
      return answer satisfies never;
  }
}
