import type { AutoResponder } from '../../shared/contract/settings.ts';

/** What the auto-responder sees of an inbound text. */
export interface InboundText {
  readonly from: string;
  readonly body: string;
  /** What the keyword rules read in it: consent answers that, or Twilio, and nobody else. */
  readonly keyword?: 'stop' | 'start' | 'help' | 'revocation' | 'suspected' | undefined;
  readonly answeredByTwilio?: boolean | undefined;
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
  if (text.keyword !== undefined) return { kind: 'silent', reason: SILENCE[text.keyword] };
  if (text.answeredByTwilio === true) return { kind: 'silent', reason: 'a keyword that Twilio answers' };
  const word = keywordOf(text.body);
  const rule = responder.rules.find((one) => one.words.some((candidate) => keywordOf(candidate) === word));
  if (rule !== undefined) return { kind: 'reply', body: rule.reply, reason: 'a rule names this text' };
  if (responder.defaultReply === undefined) return { kind: 'silent', reason: 'no rule names this text' };
  return { kind: 'reply', body: responder.defaultReply, reason: 'the default reply' };
}

const keywordOf = (text: string): string => text.trim().toLowerCase();

const SILENCE = {
  stop: 'a keyword, which is confirmed once by whom the pool says',
  start: 'a keyword, which Twilio answers',
  help: 'a keyword, which is answered once by whom the pool says',
  revocation: 'a revocation, which is confirmed by itself',
  suspected: 'it may be a revocation, and waits for an operator',
} as const;
