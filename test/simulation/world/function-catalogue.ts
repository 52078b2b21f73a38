import { createHandler as createHandleKeyword } from '../../../functions/consent/handle-keyword/handler.ts';
import { createHandler as createKeepLedger } from '../../../functions/consent/keep-ledger/handler.ts';
import { createHandler as createPollInboundMessages } from '../../../functions/ingress/poll-inbound-messages/handler.ts';
import { createHandler as createPublishEvents } from '../../../functions/ingress/publish-events/handler.ts';
import { createHandler as createReceiveWebhook } from '../../../functions/ingress/receive-webhook/handler.ts';
import { createHandler as createAuditLedger } from '../../../functions/messaging/audit-ledger/handler.ts';
import { createHandler as createDispatchDue } from '../../../functions/messaging/dispatch-due/handler.ts';
import { createHandler as createFanOutBatch } from '../../../functions/messaging/fan-out-batch/handler.ts';
import { createHandler as createHandleFailure } from '../../../functions/messaging/handle-failure/handler.ts';
import { createHandler as createHandleInboundMessage } from '../../../functions/messaging/handle-inbound-message/handler.ts';
import { createHandler as createRecordCallStatus } from '../../../functions/messaging/record-call-status/handler.ts';
import { createHandler as createRecordStatus } from '../../../functions/messaging/record-status/handler.ts';
import { createHandler as createSendMessage } from '../../../functions/messaging/send-message/handler.ts';
import { createHandler as createServeMessages } from '../../../functions/messaging/serve-messages/handler.ts';
import { createHandler as createServeOperations } from '../../../functions/messaging/serve-operations/handler.ts';
import { createHandler as createSettleIntent } from '../../../functions/messaging/settle-intent/handler.ts';
import { createHandler as createStopRecipient } from '../../../functions/messaging/stop-recipient/handler.ts';
import { createHandler as createRecordTimeline } from '../../../functions/timeline/record-timeline/handler.ts';
import type { Handler } from './invocation.ts';
import type { FunctionDefinition } from './lambda.ts';
import type { SandboxPorts } from './sandbox-ports.ts';
import { ACCOUNT, CONSENT_SETTINGS, HOOKS_ORIGIN, MESSAGING_SETTINGS, POOLS } from './settings.ts';

/** The real handlers, as lib/ deploys them; one more function is one more line. */
const define = (
  name: string,
  timeoutSeconds: number,
  build: (ports: SandboxPorts) => unknown,
): FunctionDefinition => ({
  name,
  timeoutSeconds,
  build: (ports) => build(ports) as Handler,
});

const INGRESS_SETTINGS = {
  hooksOrigin: HOOKS_ORIGIN,
  accountSids: new Set([ACCOUNT]),
  retentionDays: 35,
  taskInstructions: new Map(),
};

const AUDIT_SETTINGS = { accountSids: [ACCOUNT], pageSize: 100, segments: 2 };

const POLL_SETTINGS = { accountSids: [ACCOUNT], retentionDays: 35, pageSize: 1000 };

export const FUNCTIONS = {
  receiveWebhook: define('receive-webhook', 10, (ports) =>
    createReceiveWebhook({ ...ports, secrets: ports.ingressSecrets }, INGRESS_SETTINGS),
  ),
  publishEvents: define('publish-events', 30, (ports) => createPublishEvents(ports)),
  serveMessages: define('serve-messages', 15, (ports) => createServeMessages(MESSAGING_SETTINGS, ports)),
  pollInboundMessages: define('poll-inbound-messages', 240, (ports) =>
    createPollInboundMessages({ ...ports, inbox: ports.tables }, POLL_SETTINGS),
  ),
  settleIntent: define('settle-intent', 60, (ports) => createSettleIntent(MESSAGING_SETTINGS, ports)),
  dispatchDue: define('dispatch-due', 50, (ports) => createDispatchDue(ports)),
  serveOperations: define('serve-operations', 15, (ports) =>
    createServeOperations(MESSAGING_SETTINGS, ports),
  ),
  auditLedger: define('audit-ledger', 900, (ports) => createAuditLedger(ports, AUDIT_SETTINGS)),
};

/** Workers behind the queues of the bus, by consumer (contract/consumers.ts). */
export const CONSUMER_FUNCTIONS: Readonly<Record<string, FunctionDefinition>> = {
  sms: define('handle-inbound-message', 30, (ports) => createHandleInboundMessage(MESSAGING_SETTINGS, ports)),
  keywords: define('handle-keyword', 30, (ports) => createHandleKeyword(CONSENT_SETTINGS, ports)),
  'consent-ledger': define('keep-ledger', 60, (ports) => createKeepLedger(CONSENT_SETTINGS, ports)),
  'opt-outs': define('stop-recipient', 120, (ports) =>
    createStopRecipient({ pools: POOLS, consent: CONSENT_SETTINGS }, ports),
  ),
  'message-status': define('record-status', 30, (ports) => createRecordStatus(ports)),
  'call-status': define('record-call-status', 30, (ports) => createRecordCallStatus(ports)),
  batches: define('fan-out-batch', 60, (ports) => createFanOutBatch(MESSAGING_SETTINGS, ports)),
  failures: define('handle-failure', 30, (ports) => createHandleFailure(ports)),
  timeline: define('record-timeline', 30, (ports) => createRecordTimeline({ retentionDays: 400 }, ports)),
};

/** The sender of a pool. */
export const senderOf = (pool: string): FunctionDefinition =>
  define(`send-${pool}`, 20, (ports) =>
    createSendMessage({ hooksOrigin: HOOKS_ORIGIN, pools: POOLS }, ports),
  );
