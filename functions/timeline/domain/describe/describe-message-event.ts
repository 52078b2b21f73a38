import { explainError } from '../../../shared/contract/error-policy.ts';
import type { MESSAGE_EVENTS } from '../../../shared/contract/events/message-events.ts';
import type { EventIn, EventOf } from '../../../shared/contract/events.ts';
import { type Describe, type Description, defined } from './description.ts';

const decided: Describe<'auto-response.decided.v1'> = ({ data }) => ({
  subject: data.messageSid,
  summary: data.outcome === 'replied' ? `answered: ${data.reason}` : `not answered: ${data.reason}`,
  detail: defined(data),
  links: data.intentId === undefined ? [] : [[data.messageSid, data.intentId]],
});

const requested: Describe<'message.requested.v1'> = ({ data, correlationId }) => ({
  subject: data.intentId,
  summary:
    `${data.trafficClass} ${data.channel.toUpperCase()} requested by ${data.requestedBy}, pool ${data.pool}` +
    (data.campaign === undefined ? '' : `, campaign ${data.campaign}`) +
    (data.retryOf === undefined ? '' : `; second try of ${data.retryOf}`) +
    (data.sendAt === undefined ? '' : `; not before ${data.sendAt}`),
  detail: defined(data),
  state: data.state,
  links: [
    ...(correlationId === data.intentId ? [] : [[correlationId, data.intentId] as const]),
    ...(data.inReplyTo === undefined ? [] : [[data.intentId, data.inReplyTo] as const]),
    ...(data.retryOf === undefined
      ? []
      : [[data.retryOf, data.intentId] as const, [data.intentId, data.retryOf] as const]),
  ],
});

export const deferred: Describe<'message.deferred.v1' | 'call.deferred.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `waits again after attempt ${data.attempt}: ${data.reason}; next try at ${data.notBefore}`,
  detail: defined(data),
  state: data.state,
  links: [],
});

const accepted: Describe<'message.accepted.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `attempt ${data.attempt}: ${proofOf({ ...data, sid: data.messageSid })}`,
  detail: defined(data),
  state: data.state,
  links: [
    [data.messageSid, data.intentId],
    [data.intentId, data.messageSid],
  ],
});

export function proofOf({
  evidence,
  sid,
  durationMilliseconds,
}: Pick<EventOf<'message.accepted.v1'>['data'], 'evidence' | 'durationMilliseconds'> & {
  readonly sid: string;
}): string {
  switch (evidence) {
    case 'response':
      return `Twilio accepted it as ${sid} in ${durationMilliseconds ?? '?'} ms`;
    case 'callback':
      return `a callback proves that Twilio accepted it as ${sid}`;
    case 'list':
      return `Twilio's list shows it as ${sid} (weak evidence)`;
    default:
      return evidence satisfies never;
  }
}

const displaced: Describe<'message.displaced.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `${data.messageSid} is another message: ${data.reason}; outcome unknown again`,
  detail: defined(data),
  state: data.state,
  links: [],
});

export const parked: Describe<'message.parked.v1' | 'call.parked.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `parked for an operator after attempt ${data.attempt}: ${data.reason}`,
  detail: defined(data),
  state: data.state,
  links: [],
});

export const operatorDecided: Describe<'message.decided.v1' | 'call.decided.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `operator ${data.decidedBy} decided: ${data.decision === 'resend' ? 'send again' : 'give up'} (${data.reason})`,
  detail: defined(data),
  state: data.state,
  links: [],
});

export const held: Describe<'message.held.v1' | 'call.held.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `waits, not sent yet: ${data.reason}; next look at ${data.notBefore}`,
  detail: defined(data),
  state: data.state,
  links: [],
});

export const cancelRequested: Describe<'message.cancel-requested.v1' | 'call.cancel-requested.v1'> = ({
  data,
}) => ({
  subject: data.intentId,
  summary: 'the client took it back; Twilio is asked to call it off',
  detail: defined(data),
  links: [],
});

export const cancelRefused: Describe<'message.cancel-refused.v1' | 'call.cancel-refused.v1'> = ({
  data,
}) => ({
  subject: data.intentId,
  summary: data.reason,
  detail: defined(data),
  links: [],
});

export const rejected: Describe<'message.rejected.v1' | 'call.rejected.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `attempt ${data.attempt}: Twilio refused it, HTTP ${data.httpStatus}, error ${data.errorCode}: ${explainError(data.errorCode)}`,
  detail: defined(data),
  state: data.state,
  links: [],
});

export const unknown: Describe<'message.outcome-unknown.v1' | 'call.outcome-unknown.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `attempt ${data.attempt}: outcome unknown (${data.reason}); not sent again without evidence`,
  detail: defined(data),
  state: data.state,
  links: [],
});

export const ended: Describe<
  'message.suppressed.v1' | 'message.expired.v1' | 'call.suppressed.v1' | 'call.expired.v1'
> = ({ data, type }) => ({
  subject: data.intentId,
  summary: `${type === 'message.expired.v1' || type === 'call.expired.v1' ? 'expired' : 'not sent'}: ${data.reason}`,
  detail: defined(data),
  state: data.state,
  links: [],
});

const statusRecorded: Describe<'message.status-recorded.v1'> = ({ data }) => ({
  subject: data.intentId ?? data.messageSid,
  summary: `callback '${data.status}'${withError(data.errorCode)}: ${data.explanation}${meaningOf(data)}`,
  detail: defined(data),
  state: data.state,
  occurredAt: data.receivedAt,
  links: [],
});

const withError = (code: number | undefined): string => (code === undefined ? '' : ` (error ${code})`);

/** What support needs to know stands where the failure first shows. */
const meaningOf = ({ errorCode, changed }: EventOf<'message.status-recorded.v1'>['data']): string =>
  errorCode === undefined || !changed ? '' : `. ${explainError(errorCode)}`;

const duplicate: Describe<'message.duplicate-detected.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `DUPLICATE: Twilio has both ${data.boundMessageSid} and ${data.otherMessageSid} for this intent`,
  detail: defined(data),
  links: [[data.otherMessageSid, data.intentId]],
});

/** Told by the status that it comes with; kept for consumers that subscribe to it. */
const failed: Describe<'message.failed.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `nobody got it: ${data.status}${withError(data.errorCode)}`,
  detail: defined(data),
  state: data.status,
  links: [],
});

export function describeMessageEvent(event: EventIn<typeof MESSAGE_EVENTS>): Description {
  switch (event.type) {
    case 'auto-response.decided.v1':
      return decided(event);
    case 'message.requested.v1':
      return requested(event);
    case 'message.deferred.v1':
      return deferred(event);
    case 'message.accepted.v1':
      return accepted(event);
    case 'message.held.v1':
      return held(event);
    case 'message.rejected.v1':
      return rejected(event);
    case 'message.outcome-unknown.v1':
      return unknown(event);
    case 'message.displaced.v1':
      return displaced(event);
    case 'message.parked.v1':
      return parked(event);
    case 'message.decided.v1':
      return operatorDecided(event);
    case 'message.cancel-requested.v1':
      return cancelRequested(event);
    case 'message.cancel-refused.v1':
      return cancelRefused(event);
    case 'message.suppressed.v1':
    case 'message.expired.v1':
      return ended(event);
    case 'message.status-recorded.v1':
      return statusRecorded(event);
    case 'message.failed.v1':
      return failed(event);
    case 'message.duplicate-detected.v1':
      return duplicate(event);
    default:
      return event satisfies never;
  }
}
