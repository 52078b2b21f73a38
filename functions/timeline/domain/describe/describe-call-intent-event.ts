import type { CALL_INTENT_EVENTS } from '../../../shared/contract/events/call-intent-events.ts';
import type { EventIn } from '../../../shared/contract/events.ts';
import {
  cancelRefused,
  cancelRequested,
  deferred,
  ended,
  held,
  operatorDecided,
  parked,
  proofOf,
  rejected,
  unknown,
} from './describe-message-event.ts';
import { type Describe, type Description, defined } from './description.ts';

const requested: Describe<'call.requested.v1'> = ({ data, correlationId }) => ({
  subject: data.intentId,
  summary:
    `${data.trafficClass} call into flow ${data.flow} requested by ${data.requestedBy}, pool ${data.pool}` +
    (data.sendAt === undefined ? '' : `; not before ${data.sendAt}`),
  detail: defined(data),
  state: data.state,
  links: correlationId === data.intentId ? [] : [[correlationId, data.intentId]],
});

const accepted: Describe<'call.accepted.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `attempt ${data.attempt}: ${proofOf({ ...data, sid: data.callSid })}`,
  detail: defined(data),
  state: data.state,
  links: [
    [data.callSid, data.intentId],
    [data.intentId, data.callSid],
  ],
});

const displaced: Describe<'call.displaced.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `${data.callSid} is another call: ${data.reason}; outcome unknown again`,
  detail: defined(data),
  state: data.state,
  links: [],
});

const statusRecorded: Describe<'call.status-recorded.v1'> = ({ data }) => ({
  subject: data.intentId ?? data.callSid,
  summary: `call status '${data.status}'${sip(data)}: ${data.explanation}`,
  detail: defined(data),
  state: data.state,
  occurredAt: data.receivedAt,
  links: [],
});

const duplicate: Describe<'call.duplicate-detected.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `DUPLICATE: Twilio placed both ${data.boundCallSid} and ${data.otherCallSid} for this intent`,
  detail: defined(data),
  links: [[data.otherCallSid, data.intentId]],
});

const redialPlanned: Describe<'call.redial-planned.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `attempt ${data.attempt} ended '${data.status}'${sip(data)}; called again at ${data.notBefore}`,
  detail: defined(data),
  state: data.state,
  links: [],
});

const concluded: Describe<'call.concluded.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary:
    `reached nobody, '${data.status}'${sip(data)}: ${data.reason}` +
    (data.textIntentId === undefined ? '' : '; a text takes its place'),
  detail: defined(data),
  state: data.state,
  links:
    data.textIntentId === undefined
      ? []
      : [
          [data.intentId, data.textIntentId],
          [data.textIntentId, data.intentId],
        ],
});

const sip = ({ sipResponseCode }: { readonly sipResponseCode?: number | undefined }): string =>
  sipResponseCode === undefined ? '' : ` (SIP ${sipResponseCode})`;

export function describeCallIntentEvent(event: EventIn<typeof CALL_INTENT_EVENTS>): Description {
  switch (event.type) {
    case 'call.requested.v1':
      return requested(event);
    case 'call.deferred.v1':
      return deferred(event);
    case 'call.accepted.v1':
      return accepted(event);
    case 'call.held.v1':
      return held(event);
    case 'call.rejected.v1':
      return rejected(event);
    case 'call.outcome-unknown.v1':
      return unknown(event);
    case 'call.displaced.v1':
      return displaced(event);
    case 'call.parked.v1':
      return parked(event);
    case 'call.decided.v1':
      return operatorDecided(event);
    case 'call.cancel-requested.v1':
      return cancelRequested(event);
    case 'call.cancel-refused.v1':
      return cancelRefused(event);
    case 'call.suppressed.v1':
    case 'call.expired.v1':
      return ended(event);
    case 'call.status-recorded.v1':
      return statusRecorded(event);
    case 'call.duplicate-detected.v1':
      return duplicate(event);
    case 'call.redial-planned.v1':
      return redialPlanned(event);
    case 'call.concluded.v1':
      return concluded(event);
    default:
      return event satisfies never;
  }
}
