import type { TableName } from './tables.ts';

/** Names of the environment variables that a construct sets and a handler reads: the only bridge between them. */
export const ENVIRONMENT = {
  /** Name of the deployment environment: `local`, `staging`, `production` ... */
  environmentName: 'TRUNKLINE_ENVIRONMENT',
  /** Canonical public origin of the hooks API, without a trailing slash; never taken from a request. */
  hooksOrigin: 'HOOKS_ORIGIN',
  /** Comma-separated AccountSids whose webhooks this deployment serves. */
  accountSids: 'TWILIO_ACCOUNT_SIDS',
  /** Prefix of the secret names; the secret of an account is `<prefix><AccountSid>`. */
  accountSecretPrefix: 'TWILIO_ACCOUNT_SECRET_PREFIX',
  /** Base URL of Twilio's REST API: `https://api.twilio.com`, or the simulator's. */
  twilioBaseUrl: 'TWILIO_BASE_URL',
  /** Name of the secret that holds the key of addresses' hashes. */
  contactKeySecret: 'CONTACT_KEY_SECRET',
  /** JSON, see ConsentSettings in consent-settings.ts. */
  consentSettings: 'CONSENT_SETTINGS',
  eventBusName: 'EVENT_BUS_NAME',
  /** JSON object: pool name to send-queue URL. */
  sendQueueUrls: 'SEND_QUEUE_URLS',
  /** URL of the queue that takes the keys of items whose events could not be published. */
  publishFailedQueueUrl: 'PUBLISH_FAILED_QUEUE_URL',
  /** JSON, see MessagingSettings in settings.ts. */
  messagingSettings: 'MESSAGING_SETTINGS',
  /** JSON object: WorkflowSid, or `*`, to the instruction document that TaskRouter gets for a reservation. */
  taskInstructions: 'TASK_INSTRUCTIONS',
  /** JSON, see VoiceSettings in flows/voice-settings.ts. */
  voiceSettings: 'VOICE_SETTINGS',
  /** Complete address of the static document for calls whose webhooks fail. */
  voiceFallbackUrl: 'VOICE_FALLBACK_URL',
  /** Name of the bucket that holds our copies of recordings. */
  recordingsBucket: 'RECORDINGS_BUCKET',
  /** Days for which raw webhook payloads are kept. */
  inboxRetentionDays: 'INBOX_RETENTION_DAYS',
  /** Days for which timeline rows are kept. */
  timelineRetentionDays: 'TIMELINE_RETENTION_DAYS',
} as const;

/** The variable that holds the physical name of a table. */
export const tableEnvironmentName = (table: TableName): string => `TABLE_${table.toUpperCase()}`;
