import type { EventOf, TrunklineEvent } from '../../shared/contract/events.ts';
import { messageChannel } from '../../shared/twilio/message-channel.ts';
import { askedBy } from './asked.ts';
import { envelope, type Fields, named, only, type Received } from './claim-parts.ts';
import type { CloudEvent } from './cloud-events.ts';
import { readDebuggerPayload } from './debugger-grammar.ts';

/** How a webhook is kept: one item, with the events that it gives rise to. */
export interface Claim {
  readonly kind:
    | 'message'
    | 'status'
    | 'call-status'
    | 'machine-detection'
    | 'recording'
    | 'task'
    | 'events'
    | 'debugger';
  /** Partition key of the inbox item, from signed fields only (protocols, section 2). */
  readonly key: string;
  readonly events: readonly TrunklineEvent[];
  /** The message revokes consent: its opt-out is committed with the claim. */
  readonly revocation?: {
    readonly from: string;
    readonly channel: string;
    readonly messageSid: string;
    readonly messagingServiceSid?: string;
  };
}

export const inboundMessageKey = (messageSid: string): string => `MSG#${messageSid}`;

export const claimInboundMessage = (
  received: Received & { readonly fields: Fields; readonly source: 'webhook' | 'fallback' | 'poll' },
): Claim => {
  const { fields, source } = received;
  const messageSid = only(fields, 'MessageSid');
  const mediaCount = Number(only(fields, 'NumMedia') || 0);
  const key = inboundMessageKey(messageSid);
  const asked = askedBy(fields);
  const channel = messageChannel(only(fields, 'From'), mediaCount);
  const service = named('messagingServiceSid', only(fields, 'MessagingServiceSid'));
  const event: EventOf<'message.received.v1'> = {
    ...envelope(received, key, 0, messageSid),
    type: 'message.received.v1',
    data: {
      messageSid,
      channel,
      mediaCount,
      segmentCount: Number(only(fields, 'NumSegments') || 1),
      ...service,
      ...named('optOutType', only(fields, 'OptOutType')),
      ...asked,
      inboxKey: key,
      source,
    },
  };
  const isRevocation = asked.keyword === 'stop' || asked.keyword === 'revocation';
  const revocation = { from: only(fields, 'From'), channel, messageSid, ...service };
  return { kind: 'message', key, events: [event], ...(isRevocation && { revocation }) };
};

/**
 * `parametersHash` is of the canonical parameters: a key too many costs a row, a key too few loses evidence.
 * `attempt` is a digest of the attempt's token, since keys stand in events and tokens must not.
 */
export const claimMessageStatus = (
  received: Received & {
    readonly fields: Fields;
    readonly parametersHash: string;
    readonly attempt?: string;
  },
): Claim => {
  const { fields, parametersHash, attempt } = received;
  const messageSid = only(fields, 'MessageSid');
  const status = only(fields, 'MessageStatus');
  const errorCode = only(fields, 'ErrorCode');
  const key = ['ST', messageSid, status, errorCode || '-', attempt ?? '-', parametersHash].join('#');
  const event: EventOf<'message.status-reported.v1'> = {
    ...envelope(received, key, 0, messageSid),
    type: 'message.status-reported.v1',
    data: {
      messageSid,
      status,
      ...(Number(errorCode) > 0 && { errorCode: Number(errorCode) }),
      attempted: attempt !== undefined,
      inboxKey: key,
    },
  };
  return { kind: 'status', key, events: [event] };
};

export const claimCloudEvents = (
  received: Received & { readonly cloudEvents: readonly CloudEvent[]; readonly bodyHash: string },
): Claim => {
  const key = `ES#${received.bodyHash}`;
  const events = received.cloudEvents.map(
    ({ id, type, resourceSid }, ordinal): EventOf<'twilio-event.received.v1'> => ({
      ...envelope(received, key, ordinal, resourceSid ?? id),
      type: 'twilio-event.received.v1',
      data: { cloudEventId: id, eventType: type, ...named('resourceSid', resourceSid), inboxKey: key },
    }),
  );
  return { kind: 'events', key, events };
};

export const claimDebugger = (received: Received & { readonly fields: Fields }): Claim => {
  const debuggerSid = only(received.fields, 'Sid');
  const { errorCode, resourceSid } = readDebuggerPayload(only(received.fields, 'Payload'));
  const key = `DBG#${debuggerSid}`;
  const event: EventOf<'debugger.reported.v1'> = {
    ...envelope(received, key, 0, resourceSid ?? debuggerSid),
    type: 'debugger.reported.v1',
    data: {
      debuggerSid,
      level: only(received.fields, 'Level'),
      ...(errorCode !== undefined && { errorCode }),
      ...named('resourceSid', resourceSid),
      inboxKey: key,
    },
  };
  return { kind: 'debugger', key, events: [event] };
};
