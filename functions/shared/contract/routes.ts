/** Routes of the two HTTP APIs (docs/api.md). `lib/` creates them, handlers and the OpenAPI description read them. */

/** Paths of the hooks API that take something in; all POST, all served by receive-webhook. */
export const HOOK_ROUTES = {
  inboundMessage: '/twilio/{accountSid}/messages/inbound',
  inboundMessageFallback: '/twilio/{accountSid}/messages/fallback',
  messageStatus: '/twilio/{accountSid}/messages/status',
  messageStatusOfAttempt: '/twilio/{accountSid}/messages/status/{token}',
  callStatus: '/twilio/{accountSid}/voice/status',
  callStatusOfAttempt: '/twilio/{accountSid}/voice/status/{token}',
  recordings: '/twilio/{accountSid}/voice/recordings',
  machineDetection: '/twilio/{accountSid}/voice/amd',
  taskRouterEvents: '/twilio/{accountSid}/taskrouter/events',
  taskRouterAssignment: '/twilio/{accountSid}/taskrouter/assignment',
  eventStreams: '/twilio/{accountSid}/events',
  debugger: '/twilio/{accountSid}/debugger',
} as const;

export type HookRoute = keyof typeof HOOK_ROUTES;

/** Paths of the hooks API that answer TwiML at once; all POST, all served by answer-call. */
export const VOICE_ROUTES = {
  callInbound: '/twilio/{accountSid}/voice/inbound',
  callStep: '/twilio/{accountSid}/voice/steps/{token}',
  /** Waits and whispers: read-only, asked for as often as Twilio likes. */
  callWait: '/twilio/{accountSid}/voice/waits/{token}',
} as const;

export type VoiceRoute = keyof typeof VOICE_ROUTES;

export const SCOPES = [
  'messages:send',
  'messages:read',
  'consent:write',
  'support',
  'operate',
  'audit',
] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApplicationRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** `open` routes need no token. */
  readonly scope: Scope | 'open';
  /** The deployed function that serves it. */
  readonly servedBy:
    | 'serve-messages'
    | 'serve-operations'
    | 'serve-timeline'
    | 'serve-description'
    | 'serve-consents';
}

export const APPLICATION_ROUTES = {
  sendMessage: { method: 'POST', path: '/v1/messages', scope: 'messages:send', servedBy: 'serve-messages' },
  readMessage: {
    method: 'GET',
    path: '/v1/messages/{id}',
    scope: 'messages:read',
    servedBy: 'serve-messages',
  },
  cancelMessage: {
    method: 'POST',
    path: '/v1/messages/{id}/cancel',
    scope: 'messages:send',
    servedBy: 'serve-messages',
  },
  rescheduleMessage: {
    method: 'POST',
    path: '/v1/messages/{id}/reschedule',
    scope: 'messages:send',
    servedBy: 'serve-messages',
  },
  placeCall: { method: 'POST', path: '/v1/calls', scope: 'messages:send', servedBy: 'serve-messages' },
  readCall: { method: 'GET', path: '/v1/calls/{id}', scope: 'messages:read', servedBy: 'serve-messages' },
  cancelCall: {
    method: 'POST',
    path: '/v1/calls/{id}/cancel',
    scope: 'messages:send',
    servedBy: 'serve-messages',
  },
  createBatch: { method: 'POST', path: '/v1/batches', scope: 'messages:send', servedBy: 'serve-messages' },
  readBatch: { method: 'GET', path: '/v1/batches/{id}', scope: 'messages:read', servedBy: 'serve-messages' },
  recordConsent: { method: 'POST', path: '/v1/consents', scope: 'consent:write', servedBy: 'serve-consents' },
  recordConsents: {
    method: 'POST',
    path: '/v1/consents/batches',
    scope: 'consent:write',
    servedBy: 'serve-consents',
  },
  lookupContact: {
    method: 'POST',
    path: '/v1/contacts/lookup',
    scope: 'support',
    servedBy: 'serve-consents',
  },
  readConsent: {
    method: 'GET',
    path: '/v1/contacts/{id}/consent',
    scope: 'support',
    servedBy: 'serve-consents',
  },
  linkContacts: {
    method: 'POST',
    path: '/v1/contacts/{id}/links',
    scope: 'consent:write',
    servedBy: 'serve-consents',
  },
  eraseContact: {
    method: 'POST',
    path: '/v1/contacts/{id}/erasure',
    scope: 'consent:write',
    servedBy: 'serve-consents',
  },
  listReviews: { method: 'GET', path: '/v1/reviews', scope: 'operate', servedBy: 'serve-consents' },
  decideReview: {
    method: 'POST',
    path: '/v1/reviews/{id}/decision',
    scope: 'operate',
    servedBy: 'serve-consents',
  },
  createExport: { method: 'POST', path: '/v1/exports', scope: 'audit', servedBy: 'serve-consents' },
  readExport: { method: 'GET', path: '/v1/exports/{id}', scope: 'audit', servedBy: 'serve-consents' },
  readExportLines: {
    method: 'GET',
    path: '/v1/exports/{id}/lines',
    scope: 'audit',
    servedBy: 'serve-consents',
  },
  readTimeline: { method: 'GET', path: '/v1/timeline/{id}', scope: 'support', servedBy: 'serve-timeline' },
  listParked: { method: 'GET', path: '/v1/parked', scope: 'operate', servedBy: 'serve-operations' },
  decideParked: {
    method: 'POST',
    path: '/v1/parked/{id}/decision',
    scope: 'operate',
    servedBy: 'serve-operations',
  },
  readPauses: { method: 'GET', path: '/v1/pauses', scope: 'operate', servedBy: 'serve-operations' },
  changePause: { method: 'PUT', path: '/v1/pauses', scope: 'operate', servedBy: 'serve-operations' },
  describeApi: { method: 'GET', path: '/v1/openapi.json', scope: 'open', servedBy: 'serve-description' },
  health: { method: 'GET', path: '/v1/health', scope: 'open', servedBy: 'serve-description' },
} as const satisfies Record<string, ApplicationRoute>;
