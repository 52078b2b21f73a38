/** Statuses of a Message, as Twilio's OpenAPI lists them (without the retired `partially_delivered`). */
export type MessageStatus =
  | 'accepted'
  | 'scheduled'
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'failed'
  | 'read'
  | 'canceled'
  | 'receiving'
  | 'received';

export type MessageDirection = 'inbound' | 'outbound-api' | 'outbound-reply';

export interface StatusChange {
  readonly status: MessageStatus;
  readonly at: number;
  readonly errorCode?: number | undefined;
}

/** A Message as the simulated Twilio keeps it. Instants are milliseconds since 1970. */
export interface MessageRecord {
  readonly sid: string;
  readonly accountSid: string;
  readonly direction: MessageDirection;
  from: string | null;
  readonly to: string;
  body: string;
  readonly messagingServiceSid?: string | undefined;
  readonly mediaSids: string[];
  readonly contentSid?: string | undefined;
  readonly statusCallback?: string | undefined;
  readonly acceptedAt: number;
  readonly listedFrom: number;
  readonly sendAt?: number | undefined;
  updatedAt: number;
  sentAt: number | null;
  status: MessageStatus;
  errorCode: number | null;
  errorMessage: string | null;
  readonly history: StatusChange[];
  readonly ordinal: number;
  deleted?: boolean | undefined;
}

const finalStatuses: readonly MessageStatus[] = [
  'delivered',
  'undelivered',
  'failed',
  'read',
  'canceled',
  'received',
];

export const isFinal = (status: MessageStatus): boolean => finalStatuses.includes(status);
