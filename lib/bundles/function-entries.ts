/**
 * Every deployed piece of code: the folder is `functions/<subject>/<name>`, its `handler.ts` exports `handler`.
 * `coldStartDecides`: a webhook waits for it, so it carries no source map.
 */
export interface FunctionEntry {
  readonly subject: string;
  readonly coldStartDecides: boolean;
}

export const FUNCTION_ENTRIES = {
  'receive-webhook': { subject: 'ingress', coldStartDecides: true },
  'publish-events': { subject: 'ingress', coldStartDecides: false },
  'poll-inbound-messages': { subject: 'ingress', coldStartDecides: false },
  'serve-messages': { subject: 'messaging', coldStartDecides: false },
  'serve-operations': { subject: 'messaging', coldStartDecides: false },
  'send-message': { subject: 'messaging', coldStartDecides: false },
  'handle-inbound-message': { subject: 'messaging', coldStartDecides: false },
  'record-status': { subject: 'messaging', coldStartDecides: false },
  'fan-out-batch': { subject: 'messaging', coldStartDecides: false },
  'handle-failure': { subject: 'messaging', coldStartDecides: false },
  'stop-recipient': { subject: 'messaging', coldStartDecides: false },
  'handle-keyword': { subject: 'consent', coldStartDecides: false },
  'serve-consents': { subject: 'consent', coldStartDecides: false },
  'keep-ledger': { subject: 'consent', coldStartDecides: false },
  'record-call-status': { subject: 'messaging', coldStartDecides: false },
  'settle-intent': { subject: 'messaging', coldStartDecides: false },
  'dispatch-due': { subject: 'messaging', coldStartDecides: false },
  'audit-ledger': { subject: 'messaging', coldStartDecides: false },
  'record-call': { subject: 'voice', coldStartDecides: false },
  'record-recording': { subject: 'voice', coldStartDecides: false },
  'keep-recordings': { subject: 'voice', coldStartDecides: false },
  'settle-calls': { subject: 'voice', coldStartDecides: false },
  'record-task': { subject: 'voice', coldStartDecides: false },
  'answer-call': { subject: 'voice', coldStartDecides: true },
  'record-timeline': { subject: 'timeline', coldStartDecides: false },
  'serve-timeline': { subject: 'timeline', coldStartDecides: false },
  'serve-description': { subject: 'support', coldStartDecides: false },
} as const satisfies Record<string, FunctionEntry>;

export type FunctionEntryName = keyof typeof FUNCTION_ENTRIES;
