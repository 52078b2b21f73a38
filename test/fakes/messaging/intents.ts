import type { Attempt, MessageIntent } from '../../../functions/messaging/domain/intent.ts';
import { ACCOUNT } from './settings.ts';

export const INTENT_ID = 'int_000000000000000000000000000000a7';

/** 2026-03-01T12:00:00Z */
export const NOON = 1_772_366_400_000;

export const ATTEMPT: Attempt = { number: 1, token: 'token-of-attempt-1', owner: 'sender', armedAt: NOON };

/** A transactional text requested at noon, due at once, to be sent before one o'clock. */
export const pending = (changes: Partial<MessageIntent> = {}): MessageIntent => ({
  id: INTENT_ID,
  version: 1,
  state: 'PENDING',
  clientId: 'shop',
  requestHash: 'hash',
  accountSid: ACCOUNT,
  channel: 'sms',
  trafficClass: 'transactional',
  pool: 'transactional',
  messagingServiceSid: 'MG00000000000000000000000000000001',
  to: '+14155550123',
  body: 'Your parcel is here.',
  correlationId: 'order-7',
  createdAt: NOON,
  updatedAt: NOON,
  notBefore: NOON,
  deadline: NOON + 3_600_000,
  validitySeconds: 600,
  dueAt: NOON + 300_000,
  owner: 'api',
  reports: [],
  ...changes,
});

export const armed = (changes: Partial<MessageIntent> = {}): MessageIntent =>
  pending({
    version: 2,
    state: 'ARMED',
    attempt: ATTEMPT,
    owner: 'sender',
    dueAt: NOON + 30_000,
    ...changes,
  });
