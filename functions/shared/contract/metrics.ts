export const METRIC_NAMESPACE = 'Trunkline';

/** Every custom metric; dimensions are `service` (the function) and, where said, `outcome`. Alarms and code share these names. */
export const METRICS = {
  /** Webhooks answered, by outcome: accepted, duplicate, forged, reshaped, malformed, oversized, unsupported-media-type, unavailable. */
  webhook: 'Webhook',
  /** Milliseconds from entry to answer of an accepted webhook. */
  acknowledgementTime: 'AcknowledgementTime',
  /** Milliseconds from a webhook's acknowledgement to the effect of its event. */
  acknowledgementToEffect: 'AcknowledgementToEffect',
  /** A valid HMAC over a request that breaks the field grammar: somebody re-shaped a captured request. */
  reshape: 'Reshape',
  /** A repeat of an inbound message with other content. */
  replayMismatch: 'ReplayMismatch',
  /** Inbound messages whose webhook never came, found in Twilio's list. */
  inboundRepaired: 'InboundRepaired',
  /** Milliseconds between now and the instant until which all inbound messages of an account have been seen. */
  inboundPollAge: 'InboundPollAge',
  /** A token was refused although the path's account is served; the account secret was refreshed. */
  secretRefresh: 'SecretRefresh',
  eventsPublished: 'EventsPublished',
  /** Outbox entries that the bus or a queue did not accept; retried. */
  publishFailed: 'PublishFailed',
  /** Items given up in process and set aside as keys. */
  publishPoisoned: 'PublishPoisoned',
  /** Intents by resulting state of one send attempt. */
  sendOutcome: 'SendOutcome',
  /** Intents that might be sent, but not now, by cause: a rule of the gate (operations, quiet-hours, ...), or rate. */
  sendHeld: 'SendHeld',
  /** Intents that the gate refused, by rule. */
  sendRefused: 'SendRefused',
  /** Two MessageSids for one intent: the promise is broken, page. */
  duplicateDetected: 'DuplicateDetected',
  /** Status words that Trunkline does not know; stored and ranked lowest. */
  unknownStatus: 'UnknownStatus',
  /** Looks at Twilio for open intents, by what came of them. */
  settlement: 'Settlement',
  /** Status callbacks for a MessageSid that no intent has. */
  orphanStatus: 'OrphanStatus',
  /** Status callbacks whose token names no attempt. */
  unknownToken: 'UnknownToken',
  /** Reports of calls that changed a record, by status. */
  callReport: 'CallReport',
  /** Looks at Twilio's records of calls, by what came of them. */
  callLookUp: 'CallLookUp',
  /** Attributes of a task that may name a person: a hand-off says too much. */
  personalTaskAttribute: 'PersonalTaskAttribute',
  /** Steps with recordings, by what was done. */
  recordingStep: 'RecordingStep',
  /** Recordings without a proof of the notice that the law wants: withheld or deleted. */
  recordingQuarantined: 'RecordingQuarantined',
  /** Recordings with which a step fails again and again. */
  recordingStuck: 'RecordingStuck',
  statusRecorded: 'StatusRecorded',
  /** Recipients of batches, by what was answered for them: accepted, suppressed, refused. */
  batchRow: 'BatchRow',
  /** Messages that Twilio refused or nobody got, by the class of their error. */
  failedMessage: 'FailedMessage',
  /** Error codes that the error policy does not have. */
  unknownErrorCode: 'UnknownErrorCode',
  /** Pools and campaigns that were paused for their failures, by the kind of trouble. */
  poolPaused: 'PoolPaused',
  autoResponse: 'AutoResponse',
  /** Intents moved by the minute tick, by what was done. */
  dueIntent: 'DueIntent',
  /** Parked messages, counted by the minute tick. */
  parked: 'Parked',
  /** Milliseconds for which the oldest of them has been waiting for an operator. */
  parkedAge: 'ParkedAge',
  /** Messages that only Twilio, or only we, know of: the promise is broken, page. */
  ledgerMismatch: 'LedgerMismatch',
  /** Days whose audit has come to its end. */
  ledgerAudited: 'LedgerAudited',
  /** Requests for TwiML, by outcome: answered, repeated, stale, waited, safe, forged, reshaped, foreign ... */
  callAnswer: 'CallAnswer',
  /** Milliseconds from entry to the answer of a request for TwiML. */
  callAnswerTime: 'CallAnswerTime',
  /** Callers who heard the apology instead of their flow, by cause: store, deadline, lost, broken. */
  callApology: 'CallApology',
  /** A step's token under another call's CallSid. */
  foreignStep: 'ForeignStep',
  /** Inbound texts that asked for something about consent, by what came of them. */
  consentKeyword: 'ConsentKeyword',
  /** Milliseconds from an opt-out until nothing is pending any more for who said it. */
  optOutToStopped: 'OptOutToStopped',
  /** Messages that a consumer could not parse. */
  poisonMessage: 'PoisonMessage',
} as const;

export type MetricName = (typeof METRICS)[keyof typeof METRICS];
