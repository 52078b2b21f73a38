import { askedBy } from '../../../functions/ingress/domain/asked.ts';
import type { EventOf } from '../../../functions/shared/contract/events.ts';
import type { InMemoryTableClient } from '../in-memory-table-client.ts';
import { ACCOUNT } from './settings.ts';

interface Inbound {
  readonly messageSid: string;
  readonly from?: string;
  readonly body?: string;
  readonly media?: readonly string[];
  readonly optOutType?: string;
  readonly accountSid?: string;
  /** When the webhook was acknowledged. */
  readonly time: string;
}

/** An inbound text as ingress leaves it: the payload in the inbox, and the event that refers to it. */
export const receiveText = async (
  tables: InMemoryTableClient,
  inbound: Inbound,
): Promise<EventOf<'message.received.v1'>> => {
  const { messageSid, from = '+14155550123', body = 'hello', media = [], accountSid = ACCOUNT } = inbound;
  const payload = new URLSearchParams({
    MessageSid: messageSid,
    AccountSid: accountSid,
    From: from,
    To: '+14155550199',
    Body: body,
    NumSegments: '1',
    NumMedia: String(media.length),
    ...Object.fromEntries(media.map((url, index) => [`MediaUrl${index}`, url])),
    ...(inbound.optOutType === undefined ? {} : { OptOutType: inbound.optOutType }),
  });
  const key = `MSG#${messageSid}`;
  await tables.put({ table: 'inbox', item: { pk: key, payload: payload.toString() } });
  return {
    id: `inbox/${key}/1/0`,
    time: inbound.time,
    accountSid,
    correlationId: messageSid,
    type: 'message.received.v1',
    data: {
      messageSid,
      channel: media.length > 0 ? 'mms' : 'sms',
      mediaCount: media.length,
      segmentCount: 1,
      ...askedBy(
        new Map([
          ['Body', [body]],
          ['OptOutType', [inbound.optOutType ?? '']],
        ]),
      ),
      inboxKey: key,
      source: 'webhook',
    },
  };
};

interface Callback {
  readonly messageSid: string;
  readonly status: string;
  readonly errorCode?: number;
  /** The attempt's token in the path. */
  readonly token?: string;
  readonly accountSid?: string;
  readonly time: string;
}

/** A status callback as ingress leaves it. */
export const receiveCallback = async (
  tables: InMemoryTableClient,
  { messageSid, status, errorCode, token, accountSid = ACCOUNT, time }: Callback,
): Promise<EventOf<'message.status-reported.v1'>> => {
  const key = `ST#${messageSid}#${status}#${errorCode ?? '-'}#${token === undefined ? '-' : 'attempt'}#${time}`;
  await tables.put({ table: 'inbox', item: { pk: key, payload: `MessageStatus=${status}`, token } });
  return {
    id: `inbox/${key}/1/0`,
    time,
    accountSid,
    correlationId: messageSid,
    type: 'message.status-reported.v1',
    data: {
      messageSid,
      status,
      ...(errorCode === undefined ? {} : { errorCode }),
      attempted: token !== undefined,
      inboxKey: key,
    },
  };
};
