import type { GateFacts } from '../../../functions/messaging/domain/gate/facts.ts';
import {
  describeRecipient,
  type RecipientHints,
} from '../../../functions/messaging/domain/recipient-facts.ts';
import { readGatePolicy } from '../../../functions/messaging/gate-policy.ts';
import { NOON } from './intents.ts';
import { ACCOUNT } from './settings.ts';

type Changes = Partial<Omit<GateFacts, 'send'>> & { readonly send?: Partial<GateFacts['send']> };

/** A marketing text to somebody in San Francisco who asked for it, at noon UTC of 1 March 2026 (4 h there); nothing is paused. */
export const gateFacts = ({ send, ...changes }: Changes = {}): GateFacts => ({
  now: NOON,
  send: {
    intentId: 'int_1',
    accountSid: ACCOUNT,
    channel: 'sms',
    trafficClass: 'marketing',
    pool: 'marketing',
    messagingServiceSid: 'MG00000000000000000000000000000003',
    deadline: NOON + 86_400_000,
    ...send,
  },
  recipient: describeRecipient('+14155550123'),
  control: { version: 0, pauses: [] },
  consent: { standing: 'opted-in', since: Date.parse('2026-02-01T00:00:00Z') },
  frequency: [],
  policy: readGatePolicy(),
  ...changes,
});

export const recipientAt = (address: string, hints: RecipientHints = {}) => ({
  recipient: describeRecipient(address, hints),
});
