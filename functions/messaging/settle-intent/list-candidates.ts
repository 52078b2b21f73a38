import type { TwilioCall } from '../../shared/ports/twilio-call-ledger.ts';
import type { NoAnswer, TwilioMessage } from '../../shared/ports/twilio-ledger.ts';
import { channelAddress } from '../domain/channel-address.ts';
import { type CallIntent, type Intent, isCall, type MessageIntent } from '../domain/intent.ts';
import { attemptOf, type Listed } from '../domain/settlement.ts';
import type { SettlePorts } from './settle-steps.ts';

/** Pages of the recipient's messages or calls that are read at most; the newest come first. */
const MOST_PAGES = 10;
const PAGE_SIZE = 200;
/** The list is newest first but for its lag; past this, older pages hold nothing. */
const DISORDER_MILLISECONDS = 10 * 60_000;

export type Candidates =
  | { readonly kind: 'listed'; readonly found: readonly Listed[]; readonly isComplete: boolean }
  | NoAnswer;

/** What Twilio's list has that the intent may have made, since `earliest`. */
export async function listCandidates(
  intent: Intent,
  to: string,
  earliest: number,
  ports: SettlePorts,
): Promise<Candidates> {
  const readPage = isCall(intent) ? pagesOfCalls(intent, to, ports) : pagesOfMessages(intent, to, ports);
  const found: Listed[] = [];
  let page: string | undefined;
  for (let read = 0; read < MOST_PAGES; read += 1) {
    const answer = await readPage(page);
    if (answer.kind !== 'page') return answer;
    found.push(...answer.listed.filter((listed) => attemptOf(intent, listed) !== undefined));
    page = answer.nextPage;
    if (page === undefined || answer.oldest < earliest - DISORDER_MILLISECONDS)
      return { kind: 'listed', found, isComplete: true };
  }
  return { kind: 'listed', found, isComplete: false };
}

type Page =
  | {
      readonly kind: 'page';
      /** Of them those that an application asked Twilio's API for. */
      readonly listed: readonly Listed[];
      readonly oldest: number;
      readonly nextPage?: string;
    }
  | NoAnswer;

type ReadPage = (page: string | undefined) => Promise<Page>;

const pagesOfMessages =
  ({ accountSid, channel }: MessageIntent, to: string, { ledger }: SettlePorts): ReadPage =>
  async (page) => {
    const answer = await ledger.listMessages({
      accountSid,
      to: channelAddress(channel, to),
      pageSize: PAGE_SIZE,
      ...(page === undefined ? {} : { page }),
    });
    if (answer.kind !== 'page') return answer;
    const { messages, ...rest } = answer;
    return { ...rest, listed: messages.filter(isOurs).map(listedMessage), oldest: oldestOf(messages) };
  };

const pagesOfCalls =
  ({ accountSid, from }: CallIntent, to: string, { callLedger }: SettlePorts): ReadPage =>
  async (page) => {
    const answer = await callLedger.listCalls({
      accountSid,
      to,
      from,
      pageSize: PAGE_SIZE,
      ...(page === undefined ? {} : { page }),
    });
    if (answer.kind !== 'page') return answer;
    const { calls: listed, ...rest } = answer;
    return { ...rest, listed: listed.filter(isOurs).map(listedCall), oldest: oldestOf(listed) };
  };

const isOurs = ({ direction }: { readonly direction: string }): boolean => direction === 'outbound-api';

const oldestOf = (listed: readonly { readonly createdAt: number }[]): number =>
  listed.at(-1)?.createdAt ?? Number.POSITIVE_INFINITY;

const listedMessage = ({ errorCode, messagingServiceSid, ...message }: TwilioMessage): Listed => ({
  kind: 'message',
  sid: message.messageSid,
  body: message.body,
  status: message.status,
  createdAt: message.createdAt,
  ...(errorCode === undefined ? {} : { errorCode }),
  ...(messagingServiceSid === undefined ? {} : { messagingServiceSid }),
});

const listedCall = ({ callSid, from, status, createdAt }: TwilioCall): Listed => ({
  kind: 'call',
  sid: callSid,
  from,
  status,
  createdAt,
});
