import type { KeywordScope } from '../../shared/contract/consent-settings.ts';

/**
 * What a consent or an opt-out covers: `everything`, `channel:<sms|whatsapp|voice>`, `group:<MessagingServiceSid>`,
 * `topic:<name>`. Everything includes all others.
 */
export type Scope = string;

export const EVERYTHING: Scope = 'everything';

const SCOPE =
  /^(?:everything|channel:(?:sms|whatsapp|voice)|group:[A-Za-z0-9+]{2,40}|topic:[a-z0-9][a-z0-9-]{0,60})$/;

export const isScope = (text: string): boolean => SCOPE.test(text);

export interface Sender {
  readonly channel: string;
  readonly messagingServiceSid?: string | undefined;
}

/** The scope of a keyword that came to this sender. Without a Messaging Service there is no group: everything. */
export function scopeOfKeyword(rule: KeywordScope, { channel, messagingServiceSid }: Sender): Scope {
  switch (rule) {
    case 'everything':
      return EVERYTHING;
    case 'channel':
      return channel === 'mms' || channel === 'rcs' ? 'channel:sms' : `channel:${channel}`;
    case 'sender-group':
      return messagingServiceSid === undefined ? EVERYTHING : `group:${messagingServiceSid}`;
    default:
      return rule satisfies never;
  }
}

/** Every scope that a send falls under, the widest first. */
export const scopesOfSend = ({
  channel,
  messagingServiceSid,
  topic,
}: Sender & { readonly topic?: string }) => [
  EVERYTHING,
  `channel:${channel}`,
  ...(messagingServiceSid === undefined ? [] : [`group:${messagingServiceSid}`]),
  ...(topic === undefined ? [] : [`topic:${topic}`]),
];
