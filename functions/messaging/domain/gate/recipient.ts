import type { LineType } from '../recipient-facts.ts';
import type { GateChannel, GateFacts } from './facts.ts';
import { type RuleVerdict, verdictsOf } from './verdict.ts';

/** What no message reaches, or what costs its caller: carriers answer with 21614, 30006 or a bill. */
const OUT_OF_REACH: Readonly<Record<GateChannel, ReadonlySet<LineType>>> = {
  sms: new Set(['fixed', 'premium', 'shared-cost', 'other']),
  whatsapp: new Set(['premium', 'shared-cost', 'other']),
  voice: new Set(['premium', 'shared-cost', 'other']),
};

const NAMES: Readonly<Record<LineType, string>> = {
  mobile: 'a mobile number',
  fixed: 'a landline',
  'fixed-or-mobile': 'a landline or a mobile number',
  premium: 'a premium-rate number',
  'shared-cost': 'a shared-cost number',
  'toll-free': 'a toll-free number',
  voip: 'an internet telephone',
  personal: 'a personal number',
  other: 'a pager, a voicemail or a company-wide number',
  unknown: 'a number whose kind the numbering plan does not tell',
};

/** Numbers that the channel cannot reach, and numbers that charge for being reached. */
export function recipientRule({ send, recipient }: GateFacts): RuleVerdict {
  const verdicts = verdictsOf('recipient', { channel: send.channel, line: recipient.line });
  return OUT_OF_REACH[send.channel].has(recipient.line)
    ? verdicts.refuse(
        `the recipient is ${NAMES[recipient.line]}, which is not to be reached by ${send.channel}`,
      )
    : verdicts.pass(`the recipient is ${NAMES[recipient.line]}`);
}
