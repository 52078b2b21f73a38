import type { EventOf, TrunklineEvent } from '../../shared/contract/events.ts';

/** One event as a line of a story. */
export interface Description {
  /** The subject under which the line is kept: intent, MessageSid or another resource. */
  readonly subject: string;
  readonly summary: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
  /** State of the subject after the event, where it has one. */
  readonly state?: string;
  /** When it happened by the vendor's or the webhook's account, ISO 8601. */
  readonly occurredAt?: string;
  /** Pairs of subjects whose stories belong together: from the first, the second is found. */
  readonly links: readonly (readonly [from: string, to: string])[];
}

type Describe<Type extends TrunklineEvent['type']> = (event: EventOf<Type>) => Description;

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const ARRIVAL = {
  webhook: 'received by webhook, signature verified',
  fallback: 'received by fallback, signature verified',
  poll: "found in Twilio's list, its webhook never came",
} as const;

const received: Describe<'message.received.v1'> = ({ data }) => ({
  subject: data.messageSid,
  summary:
    `inbound ${data.channel.toUpperCase()} ${ARRIVAL[data.source]}, recorded once` +
    (data.mediaCount > 0 ? `; ${plural(data.mediaCount, 'attachment')}` : ''),
  detail: defined(data),
  state: 'received',
  links: [],
});

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
    (data.sendAt === undefined ? '' : `; not before ${data.sendAt}`),
  detail: defined(data),
  state: data.state,
  links: [
    ...(correlationId === data.intentId ? [] : [[correlationId, data.intentId] as const]),
    ...(data.inReplyTo === undefined ? [] : [[data.intentId, data.inReplyTo] as const]),
  ],
});

const deferred: Describe<'message.deferred.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `waits again after attempt ${data.attempt}: ${data.reason}; next try at ${data.notBefore}`,
  detail: defined(data),
  state: data.state,
  links: [],
});

const accepted: Describe<'message.accepted.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `attempt ${data.attempt}: ${proofOf(data)}`,
  detail: defined(data),
  state: data.state,
  links: [
    [data.messageSid, data.intentId],
    [data.intentId, data.messageSid],
  ],
});

function proofOf({
  evidence,
  messageSid,
  durationMilliseconds,
}: EventOf<'message.accepted.v1'>['data']): string {
  switch (evidence) {
    case 'response':
      return `Twilio accepted it as ${messageSid} in ${durationMilliseconds ?? '?'} ms`;
    case 'callback':
      return `a callback proves that Twilio accepted it as ${messageSid}`;
    case 'list':
      return `Twilio's list shows it as ${messageSid} (weak evidence)`;
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

const parked: Describe<'message.parked.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `parked for an operator after attempt ${data.attempt}: ${data.reason}`,
  detail: defined(data),
  state: data.state,
  links: [],
});

const operatorDecided: Describe<'message.decided.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `operator ${data.decidedBy} decided: ${data.decision === 'resend' ? 'send again' : 'give up'} (${data.reason})`,
  detail: defined(data),
  state: data.state,
  links: [],
});

const held: Describe<'message.held.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `waits, not sent yet: ${data.reason}; next look at ${data.notBefore}`,
  detail: defined(data),
  state: data.state,
  links: [],
});

const WORD_OF_PAUSE = { pause: 'paused', freeze: 'frozen' };

/** Sending itself has a story: who stopped what, when and why. */
const sendingChanged: Describe<'sending.paused.v1' | 'sending.resumed.v1'> = ({ data, ...event }) => ({
  subject: event.correlationId,
  summary: `${data.scope} ${'kind' in data ? WORD_OF_PAUSE[data.kind] : 'resumed'} by ${data.by}: ${data.reason}`,
  detail: defined(data),
  state: data.state,
  links: [],
});

const cancelRequested: Describe<'message.cancel-requested.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: 'the client took it back; Twilio is asked to call it off',
  detail: defined(data),
  links: [],
});

const cancelRefused: Describe<'message.cancel-refused.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: data.reason,
  detail: defined(data),
  links: [],
});

const rejected: Describe<'message.rejected.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `attempt ${data.attempt}: Twilio refused it, HTTP ${data.httpStatus}, error ${data.errorCode}`,
  detail: defined(data),
  state: data.state,
  links: [],
});

const unknown: Describe<'message.outcome-unknown.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `attempt ${data.attempt}: outcome unknown (${data.reason}); not sent again without evidence`,
  detail: defined(data),
  state: data.state,
  links: [],
});

const ended: Describe<'message.suppressed.v1' | 'message.expired.v1'> = ({ data, type }) => ({
  subject: data.intentId,
  summary: `${type === 'message.expired.v1' ? 'expired' : 'not sent'}: ${data.reason}`,
  detail: defined(data),
  state: data.state,
  links: [],
});

const statusRecorded: Describe<'message.status-recorded.v1'> = ({ data }) => ({
  subject: data.intentId ?? data.messageSid,
  summary: `callback '${data.status}'${data.errorCode === undefined ? '' : ` (error ${data.errorCode})`}: ${data.explanation}`,
  detail: defined(data),
  state: data.state,
  occurredAt: data.receivedAt,
  links: [],
});

const duplicate: Describe<'message.duplicate-detected.v1'> = ({ data }) => ({
  subject: data.intentId,
  summary: `DUPLICATE: Twilio has both ${data.boundMessageSid} and ${data.otherMessageSid} for this intent`,
  detail: defined(data),
  links: [[data.otherMessageSid, data.intentId]],
});

const audited: Describe<'ledger.audited.v1'> = ({ data, correlationId }) => ({
  subject: correlationId,
  summary:
    `ledger of ${data.date}: ${plural(data.twilioMessages, 'message')} at Twilio, ` +
    `${plural(data.acceptedIntents, 'accepted intent')}; ${data.unknownToUs} unknown to us, ` +
    `${data.missingAtTwilio} missing at Twilio, statuses repaired: ${data.statusesRepaired}`,
  detail: defined(data),
  links: [],
});

const twilioEvent: Describe<'twilio-event.received.v1'> = ({ data }) => ({
  subject: data.resourceSid ?? data.cloudEventId,
  summary: `Event Streams: ${data.eventType}`,
  detail: defined(data),
  links: [],
});

const debuggerReport: Describe<'debugger.reported.v1'> = ({ data }) => ({
  subject: data.resourceSid ?? data.debuggerSid,
  summary: `Twilio Debugger ${data.level}${data.errorCode === undefined ? '' : ` ${data.errorCode}`}`,
  detail: defined(data),
  links: [],
});

/** The line of a story that an event makes. */
export function describeEvent(event: TrunklineEvent): Description {
  switch (event.type) {
    case 'message.received.v1':
      return received(event);
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
    case 'sending.paused.v1':
    case 'sending.resumed.v1':
      return sendingChanged(event);
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
    case 'message.duplicate-detected.v1':
      return duplicate(event);
    case 'ledger.audited.v1':
      return audited(event);
    case 'twilio-event.received.v1':
      return twilioEvent(event);
    case 'debugger.reported.v1':
      return debuggerReport(event);
    case 'message.status-reported.v1':
      return reported(event);
    default:
      return event satisfies never;
  }
}

/** Told by its `message.status-recorded` too; kept for consumers that subscribe to it. */
const reported: Describe<'message.status-reported.v1'> = ({ data }) => ({
  subject: data.messageSid,
  summary: `callback '${data.status}' received, signature verified`,
  detail: defined(data),
  links: [],
});

const defined = (data: object): Record<string, string | number | boolean> =>
  Object.fromEntries(
    Object.entries(data).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)),
  );
