import type { MessagePool, MessagingSettings } from '../../../functions/shared/contract/settings.ts';

export const ACCOUNT = 'AC00000000000000000000000000000001';

export const TRANSACTIONAL: MessagePool = {
  name: 'transactional',
  accountSid: ACCOUNT,
  channel: 'sms',
  trafficClass: 'transactional',
  messagingServiceSid: 'MG00000000000000000000000000000001',
  concurrency: 2,
  deadlineSeconds: 3600,
  validitySeconds: 600,
  unknownOutcome: { policy: 'park', settleSeconds: 86_400 },
};

export const OTP: MessagePool = {
  ...TRANSACTIONAL,
  name: 'otp',
  trafficClass: 'otp',
  messagingServiceSid: 'MG00000000000000000000000000000002',
  deadlineSeconds: 300,
  validitySeconds: 300,
};

export const SETTINGS: MessagingSettings = {
  pools: [OTP, TRANSACTIONAL],
  autoResponder: {
    enabled: true,
    rules: [
      { words: ['hours', 'open'], reply: 'We are open from 9 to 17 h.' },
      { words: ['Open', 'where'], reply: 'You find us at 1 Main Street.' },
    ],
    defaultReply: 'Thank you, we will answer soon.',
    minimumIntervalSeconds: 60,
  },
  acceptTestNumbers: false,
};
