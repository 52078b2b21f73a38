import { channelOf, isShortCode, withoutChannel } from './address.ts';

export type OptOutKeyword = 'STOP' | 'START' | 'HELP';

/** Default keywords: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out and ERR 23002. */
const keywords: Readonly<Record<OptOutKeyword, readonly string[]>> = {
  STOP: ['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL'],
  START: ['START', 'YES', 'UNSTOP'],
  HELP: ['HELP', 'INFO'],
};

/** Only a message that is the keyword alone counts: "STOP PLEASE" does not. */
export function optOutKeywordIn(body: string): OptOutKeyword | undefined {
  const word = body.trim().toUpperCase();
  return (['STOP', 'START', 'HELP'] as const).find((kind) => keywords[kind].includes(word));
}

/** Twilio filters long codes and toll-free numbers by itself; short codes and WhatsApp only with Advanced Opt-Out. */
export const isFilteredSender = (sender: string, advancedOptOut: boolean): boolean =>
  advancedOptOut || (channelOf(sender) === 'sms' && !isShortCode(sender));

/** The list a recipient is on: of one sender, or of the whole pool of a Messaging Service; SMS, MMS and RCS share it. */
export function optOutKey(accountSid: string, senderOrService: string, recipient: string): string {
  return [accountSid, withoutChannel(senderOrService), withoutChannel(recipient)].join('|');
}

export function autoReplyTo(keyword: OptOutKeyword): string {
  switch (keyword) {
    case 'STOP':
      return 'You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.';
    case 'START':
      return 'You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.';
    case 'HELP':
      return 'Reply STOP to unsubscribe. Msg&Data Rates May Apply.';
  }
}
