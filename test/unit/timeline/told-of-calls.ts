import type { CALL_INTENT_EVENTS } from '../../../functions/shared/contract/events/call-intent-events.ts';
import type { Description } from '../../../functions/timeline/domain/describe/description.ts';
import { CALL_INTENT_ID, callSidOf, TEXT_INTENT_ID } from '../../fakes/messaging/sample-call-events.ts';

/** What the story of a call says of each event. */
export const TOLD_OF_CALLS: {
  readonly [Type in keyof typeof CALL_INTENT_EVENTS]: Partial<Description>;
} = {
  'call.requested.v1': {
    subject: CALL_INTENT_ID,
    summary:
      'transactional call into flow appointment-confirm requested by clinic, pool voice-transactional; not before 2026-03-01T13:00:00.000Z',
    state: 'PENDING',
    links: [['appointment-3', CALL_INTENT_ID]],
  },
  'call.held.v1': {
    subject: CALL_INTENT_ID,
    summary: 'waits, not sent yet: its pool places 1 call a second; next look at 2026-03-01T13:00:04.000Z',
  },
  'call.deferred.v1': {
    subject: CALL_INTENT_ID,
    summary: 'waits again after attempt 1: slow down; next try at 2026-03-01T13:00:04.000Z',
  },
  'call.outcome-unknown.v1': {
    subject: CALL_INTENT_ID,
    summary: 'attempt 1: outcome unknown (timeout); not sent again without evidence',
    state: 'UNKNOWN',
  },
  'call.accepted.v1': {
    subject: CALL_INTENT_ID,
    summary: `attempt 1: a callback proves that Twilio accepted it as ${callSidOf(1)}`,
    state: 'ACCEPTED',
    links: [
      [callSidOf(1), CALL_INTENT_ID],
      [CALL_INTENT_ID, callSidOf(1)],
    ],
  },
  'call.displaced.v1': {
    subject: CALL_INTENT_ID,
    summary: `${callSidOf(1)} is another call: the call that the list showed is another one; outcome unknown again`,
  },
  'call.rejected.v1': {
    subject: CALL_INTENT_ID,
    summary:
      'attempt 1: Twilio refused it, HTTP 400, error 21211: The recipient is not a valid phone number. Next: Correct the number with the customer; do not send to it again.',
    state: 'REJECTED',
  },
  'call.parked.v1': {
    subject: CALL_INTENT_ID,
    summary: 'parked for an operator after attempt 1: no evidence',
    state: 'PARKED',
  },
  'call.decided.v1': {
    subject: CALL_INTENT_ID,
    summary: 'operator ops decided: send again (it never rang)',
  },
  'call.cancel-requested.v1': {
    subject: CALL_INTENT_ID,
    summary: 'the client took it back; Twilio is asked to call it off',
  },
  'call.cancel-refused.v1': { subject: CALL_INTENT_ID, summary: 'somebody had answered' },
  'call.suppressed.v1': {
    subject: CALL_INTENT_ID,
    summary: 'not sent: canceled by the client',
    state: 'SUPPRESSED',
  },
  'call.expired.v1': {
    subject: CALL_INTENT_ID,
    summary: 'expired: its deadline passed before it could be sent',
    state: 'EXPIRED',
  },
  'call.status-recorded.v1': {
    subject: CALL_INTENT_ID,
    summary: "call status 'busy' (SIP 486): ringing → busy",
    state: 'busy',
    occurredAt: '2026-03-01T13:00:14.000Z',
  },
  'call.duplicate-detected.v1': {
    subject: CALL_INTENT_ID,
    summary: `DUPLICATE: Twilio placed both ${callSidOf(1)} and ${callSidOf(2)} for this intent`,
    links: [[callSidOf(2), CALL_INTENT_ID]],
  },
  'call.redial-planned.v1': {
    subject: CALL_INTENT_ID,
    summary: "attempt 1 ended 'busy' (SIP 486); called again at 2026-03-01T13:10:16.000Z",
    state: 'PENDING',
  },
  'call.concluded.v1': {
    subject: CALL_INTENT_ID,
    summary: "reached nobody, 'no-answer': every attempt is used up; a text takes its place",
    state: 'ACCEPTED',
    links: [
      [CALL_INTENT_ID, TEXT_INTENT_ID],
      [TEXT_INTENT_ID, CALL_INTENT_ID],
    ],
  },
};
