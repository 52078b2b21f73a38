import type { AutoResponder } from '../../shared/contract/settings.ts';
import { isAnsweredByTwilio, keywordOf } from './keywords.ts';

/** What the auto-responder sees of an inbound text. */
export interface InboundText {
  readonly from: string;
  readonly body: string;
  /** Advanced Opt-Out's verdict, where Twilio gives one: Twilio has answered. */
  readonly optOutType?: string;
}

export type AutoResponse =
  | { readonly kind: 'reply'; readonly body: string; readonly reason: string }
  | { readonly kind: 'silent'; readonly reason: string };

/** Senders that no person reads: short codes and alphanumeric names. */
const PHONE_NUMBER = /^\+\d{7,15}$/;

/** Which answer a text gets, and why. */
export function chooseResponse(text: InboundText, responder: AutoResponder): AutoResponse {
  if (!responder.enabled) return { kind: 'silent', reason: 'the auto-responder is off' };
  if (!PHONE_NUMBER.test(text.from)) return { kind: 'silent', reason: 'the sender is not a phone number' };
  if (text.optOutType !== undefined || isAnsweredByTwilio(text.body)) {
    return { kind: 'silent', reason: 'a keyword that Twilio answers' };
  }
  const word = keywordOf(text.body);
  const rule = responder.rules.find((one) => one.words.some((candidate) => keywordOf(candidate) === word));
  if (rule !== undefined) return { kind: 'reply', body: rule.reply, reason: 'a rule names this text' };
  if (responder.defaultReply === undefined) return { kind: 'silent', reason: 'no rule names this text' };
  return { kind: 'reply', body: responder.defaultReply, reason: 'the default reply' };
}
