import { type Intent, isCall } from './intent.ts';
import { envelopeOf, intentFacts, type Transition } from './intent-event.ts';

/** Twilio's last word on a message that nobody got. */
const FAILED = new Set(['failed', 'undelivered']);

export const hasFailed = ({ status }: Pick<Intent, 'status'>): boolean => FAILED.has(status?.state ?? '');

/**
 * Whatever write makes a message a failed one, or learns why it failed, tells so: a callback, a poll of the status, or what
 * was reported of it before its intent was known.
 */
export function tellFailure(before: Intent | undefined, transition: Transition): Transition {
  const { intent, outbox } = transition;
  const { status, sid } = intent;
  if (isCall(intent) || status === undefined || sid === undefined || !hasFailed(intent)) return transition;
  const isKnown = before?.status?.state === status.state && before.status.errorCode === status.errorCode;
  if (isKnown && before.sid === sid) return transition;
  const event = {
    ...envelopeOf(intent, outbox.filter(({ kind }) => kind === 'event').length),
    type: 'message.failed.v1',
    data: {
      ...intentFacts(intent),
      messageSid: sid,
      status: status.state,
      ...(status.errorCode === undefined ? {} : { errorCode: status.errorCode }),
    },
  } as const;
  return { intent, outbox: [...outbox, { kind: 'event', event }] };
}
