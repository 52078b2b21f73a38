import type { EventType } from './events.ts';

/** Consumers of the bus: each has a rule, a queue with a dead-letter queue, and one worker function. */
export interface Consumer {
  readonly worker: string;
  readonly events: readonly EventType[];
  /** Restricts the rule to these values of `detail.data.channel`. */
  readonly channels?: readonly string[];
}

export const CONSUMERS = {
  sms: { worker: 'handle-inbound-message', events: ['message.received.v1'], channels: ['sms', 'mms'] },
  'message-status': { worker: 'record-status', events: ['message.status-reported.v1'] },
  timeline: {
    worker: 'record-timeline',
    events: [
      'message.received.v1',
      'twilio-event.received.v1',
      'debugger.reported.v1',
      'auto-response.decided.v1',
      'message.requested.v1',
      'message.deferred.v1',
      'message.accepted.v1',
      'message.rejected.v1',
      'message.outcome-unknown.v1',
      'message.displaced.v1',
      'message.parked.v1',
      'message.decided.v1',
      'message.held.v1',
      'message.cancel-requested.v1',
      'message.cancel-refused.v1',
      'message.suppressed.v1',
      'message.expired.v1',
      'message.status-recorded.v1',
      'message.duplicate-detected.v1',
      'sending.paused.v1',
      'sending.resumed.v1',
      'ledger.audited.v1',
    ],
  },
} as const satisfies Record<string, Consumer>;
