import { EVENTS, type EventType } from './events.ts';

/** Consumers of the bus: each has a rule, a queue with a dead-letter queue, and one worker function. */
export interface Consumer {
  readonly worker: string;
  readonly events: readonly EventType[];
  /** Where it takes all events but these: the rule names them, for a pattern of all others would outgrow EventBridge's 2,048 characters. */
  readonly exceptFor?: readonly EventType[];
  /** Restricts the rule to these values of `detail.data.channel`. */
  readonly channels?: readonly string[];
  /** Restricts the rule to these values of `detail.data.keyword`. */
  readonly keywords?: readonly string[];
}

/** Told by another event of the same matter: that of recording the status, of requesting or answering the batch. */
const TOLD_OTHERWISE: readonly EventType[] = [
  'message.status-reported.v1',
  'message.failed.v1',
  'batch.chunk-requested.v1',
  'call.status-reported.v1',
];

const isEventType = (type: string): type is EventType => type in EVENTS;

export const CONSUMERS = {
  sms: { worker: 'handle-inbound-message', events: ['message.received.v1'], channels: ['sms', 'mms'] },
  keywords: {
    worker: 'handle-keyword',
    events: ['message.received.v1'],
    keywords: ['stop', 'start', 'revocation', 'suspected'],
  },
  'consent-ledger': {
    worker: 'keep-ledger',
    events: ['consent.reported.v1', 'consent.opted-out.v1', 'consent.opted-in.v1', 'consent.noted.v1'],
  },
  'opt-outs': { worker: 'stop-recipient', events: ['consent.opted-out.v1'] },
  'message-status': { worker: 'record-status', events: ['message.status-reported.v1'] },
  batches: { worker: 'fan-out-batch', events: ['batch.chunk-requested.v1'] },
  failures: { worker: 'handle-failure', events: ['message.rejected.v1', 'message.failed.v1'] },
  'call-records': {
    worker: 'record-call',
    events: ['call.status-reported.v1', 'call.machine-detected.v1', 'call.notice-given.v1'],
  },
  'recording-records': { worker: 'record-recording', events: ['recording.reported.v1'] },
  'task-records': { worker: 'record-task', events: ['taskrouter.reported.v1'] },
  'call-status': { worker: 'record-call-status', events: ['call.status-reported.v1', 'call.began.v1'] },
  timeline: {
    worker: 'record-timeline',
    events: Object.keys(EVENTS)
      .filter(isEventType)
      .filter((type) => !TOLD_OTHERWISE.includes(type)),
    exceptFor: TOLD_OTHERWISE,
  },
} as const satisfies Record<string, Consumer>;
