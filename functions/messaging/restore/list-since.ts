import type { TwilioCallLedger } from '../../shared/ports/twilio-call-ledger.ts';
import type { NoAnswer, TwilioLedger, TwilioMessage } from '../../shared/ports/twilio-ledger.ts';
import { type Intent, isCall } from '../domain/intent.ts';
import { isSentByApi } from '../domain/ledger-audit.ts';
import type { Sent } from '../domain/restoring.ts';

interface Since {
  /** Epoch milliseconds. */
  readonly earliest: number;
  readonly pageSize: number;
}

export type ListedSince = { readonly kind: 'listed'; readonly sent: readonly Sent[] } | NoAnswer;

/** Lists are newest first, but for the lag with which something enters them; past this, older pages hold nothing. */
const DISORDER_MILLISECONDS = 15 * 60_000;

/** Everything that the API was asked to send. */
export async function listMessagesSince(
  { accountSid, earliest, pageSize }: Since & { readonly accountSid: string },
  ledger: Pick<TwilioLedger, 'listMessages'>,
): Promise<ListedSince> {
  const sent: Sent[] = [];
  let page: string | undefined;
  do {
    const answer = await ledger.listMessages({
      accountSid,
      pageSize,
      ...(page === undefined ? {} : { page }),
    });
    if (answer.kind !== 'page') return answer;
    sent.push(
      ...answer.messages
        .filter(isSentByApi)
        .filter(({ createdAt }) => createdAt >= earliest)
        .map(toSent),
    );
    page = isPast(answer.messages, earliest) ? undefined : answer.nextPage;
  } while (page !== undefined);
  return { kind: 'listed', sent };
}

/** Calls between the numbers of the open intents: Twilio lists calls by their numbers. */
export async function listCallsSince(
  { open, earliest, pageSize }: Since & { readonly open: readonly Intent[] },
  calls: Pick<TwilioCallLedger, 'listCalls'>,
): Promise<ListedSince> {
  const lines = new Map(
    open.flatMap((intent) => {
      if (!isCall(intent) || intent.to === undefined) return [];
      const { accountSid, to, from } = intent;
      return [[`${accountSid} ${to} ${from}`, { accountSid, to, from }] as const];
    }),
  );
  const sent: Sent[] = [];
  for (const line of lines.values()) {
    let page: string | undefined;
    do {
      const answer = await calls.listCalls({ ...line, pageSize, ...(page === undefined ? {} : { page }) });
      if (answer.kind !== 'page') return answer;
      for (const { callSid, accountSid, to, from, status, createdAt, direction } of answer.calls)
        if (direction === 'outbound-api' && createdAt >= earliest)
          sent.push({ kind: 'call', sid: callSid, accountSid, to, from, status, createdAt });
      page = isPast(answer.calls, earliest) ? undefined : answer.nextPage;
    } while (page !== undefined);
  }
  return { kind: 'listed', sent };
}

const isPast = (listed: readonly { readonly createdAt: number }[], earliest: number): boolean =>
  (listed.at(-1)?.createdAt ?? 0) < earliest - DISORDER_MILLISECONDS;

const toSent = (message: TwilioMessage): Sent => ({
  kind: 'message',
  sid: message.messageSid,
  accountSid: message.accountSid,
  to: message.to,
  body: message.body,
  status: message.status,
  createdAt: message.createdAt,
  ...(message.errorCode === undefined ? {} : { errorCode: message.errorCode }),
  ...(message.messagingServiceSid === undefined ? {} : { messagingServiceSid: message.messagingServiceSid }),
});
