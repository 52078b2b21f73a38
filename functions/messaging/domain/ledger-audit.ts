import type { Intent } from './intent.ts';
import { joinStatus } from './message-status.ts';
import type { StatusReport } from './status-report.ts';

/** What an audit has counted of one account. */
export type Tally = {
  readonly twilioMessages: number;
  readonly acceptedIntents: number;
  readonly unknownToUs: number;
  readonly missingAtTwilio: number;
  readonly statusesRepaired: number;
};

export const EMPTY_TALLY: Tally = {
  twilioMessages: 0,
  acceptedIntents: 0,
  unknownToUs: 0,
  missingAtTwilio: 0,
  statusesRepaired: 0,
};

export const addTallies = (left: Tally, right: Tally): Tally => ({
  twilioMessages: left.twilioMessages + right.twilioMessages,
  acceptedIntents: left.acceptedIntents + right.acceptedIntents,
  unknownToUs: left.unknownToUs + right.unknownToUs,
  missingAtTwilio: left.missingAtTwilio + right.missingAtTwilio,
  statusesRepaired: left.statusesRepaired + right.statusesRepaired,
});

const DAY_MILLISECONDS = 86_400_000;

const dayOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10);

/** The last day (UTC) that is over. */
export const dayBefore = (now: number): string => dayOf(now - DAY_MILLISECONDS);

export const isOver = (date: string, now: number): boolean => date < dayOf(now);

/** First and last millisecond of a day. */
export const boundsOf = (date: string): { readonly from: number; readonly to: number } => {
  const from = Date.parse(`${date}T00:00:00.000Z`);
  return { from, to: from + DAY_MILLISECONDS - 1 };
};

/** A message of Twilio's, as far as the audit compares it. */
export type AuditedMessage = StatusReport & {
  readonly messageSid: string;
  readonly accountSid: string;
  readonly direction: string;
};

/** Messages that applications ask Twilio's API to send; replies in TwiML and calls' messages are not ours. */
export const isSentByApi = ({ direction }: AuditedMessage): boolean => direction === 'outbound-api';

/**
 * Whether the intent that a MessageSid is bound to says so itself. A second message of an intent is known, and was paged
 * for when it was detected.
 */
export const accountsFor = (intent: Intent | undefined, message: AuditedMessage): boolean =>
  intent?.accountSid === message.accountSid &&
  (intent.sid === message.messageSid || intent.otherSids?.includes(message.messageSid) === true);

/** What Twilio knows of the message's state and no callback has told; undefined if our state stands as it is. */
export const missingReport = (intent: Intent, message: AuditedMessage): StatusReport | undefined => {
  if (intent.sid !== message.messageSid) return undefined;
  const { status, errorCode } = message;
  const report = errorCode === undefined ? { status } : { status, errorCode };
  return joinStatus(intent.reports, report).changed ? report : undefined;
};
