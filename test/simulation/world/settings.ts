import type { ConsentSettings } from '../../../functions/shared/contract/consent-settings.ts';
import type {
  AutoResponder,
  MessagePool,
  MessagingSettings,
} from '../../../functions/shared/contract/settings.ts';

export const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;
export const HOOKS_ORIGIN = 'https://hooks.simulation.example';
export const TWILIO_ORIGIN = 'https://api.twilio.simulation.example';
export const SECRET_PREFIX = 'trunkline/twilio/';
export const OUR_NUMBER = '+15550190000';

/** 2026-03-01T12:00:00Z: where every world begins. */
export const BEGINNING = 1_772_366_400_000;

const pool = (
  name: MessagePool['trafficClass'],
  number: number,
  more: Partial<MessagePool>,
): MessagePool => ({
  name,
  accountSid: ACCOUNT,
  channel: 'sms',
  trafficClass: name,
  messagingServiceSid: `MG${String(number).padStart(32, '0')}`,
  concurrency: 4,
  deadlineSeconds: 3_600,
  validitySeconds: 600,
  unknownOutcome: { policy: 'park', settleSeconds: 86_400 },
  ...more,
});

export const POOLS: readonly MessagePool[] = [
  pool('otp', 1, {
    deadlineSeconds: 300,
    validitySeconds: 300,
    unknownOutcome: { policy: 'expire', settleSeconds: 900 },
  }),
  pool('transactional', 2, { unknownOutcome: { policy: 'resend', settleSeconds: 900 } }),
  pool('marketing', 3, { concurrency: 2, deadlineSeconds: 14_400, scheduleAheadSeconds: 7_200 }),
];

const AUTO_RESPONDER: AutoResponder = {
  enabled: true,
  rules: [{ words: ['hours', 'open'], reply: 'We are open from 9 to 17 h.' }],
  defaultReply: 'Thank you, we will answer soon.',
  minimumIntervalSeconds: 60,
};

export const CONTACT_KEY = 'the key of the simulated addresses';

export const CONSENT_SETTINGS: ConsentSettings = {
  keywordScope: 'everything',
  optOutText: 'You are unsubscribed and will get no more messages from us.',
  ledgerRetentionDays: 1827,
};

export const MESSAGING_SETTINGS: MessagingSettings = {
  pools: [...POOLS],
  autoResponder: AUTO_RESPONDER,
  acceptTestNumbers: true,
};
