import type { PostResult } from '../../../functions/shared/twilio/post-once.ts';
import { ACCOUNT } from '../world/settings.ts';
import type { Fate } from './fates.ts';
import type { LedgerMessage } from './ledger.ts';
import { outboundResource } from './message-resource.ts';

/** Whether Twilio calls a repeated cancel too late is not documented: it does here. */
export const shownCancel = (
  message: LedgerMessage | undefined,
  isInTime: boolean,
  now: number,
): PostResult => {
  const answered = (httpStatus: number, content: object): PostResult => ({
    kind: 'answered',
    answer: { httpStatus, headers: REQUEST_ID, body: JSON.stringify(content) },
  });
  if (message === undefined) return answered(404, { code: 20404, status: 404 });
  return isInTime
    ? answered(200, outboundResource(message, now))
    : answered(400, { code: 30409, status: 400 });
};

const REQUEST_ID = new Map([['twilio-request-id', 'RQsimulated']]);

export const shown = (fate: Fate, message: LedgerMessage | undefined): PostResult => {
  const answered = (
    httpStatus: number,
    content: unknown,
    headers: ReadonlyMap<string, string> = REQUEST_ID,
  ): PostResult => ({
    kind: 'answered',
    answer: { httpStatus, headers, body: typeof content === 'string' ? content : JSON.stringify(content) },
  });
  switch (fate.shows) {
    case 'created':
      return answered(201, {
        sid: message?.sid,
        account_sid: ACCOUNT,
        status: 'accepted',
        body: message?.body,
      });
    case 'connection-refused':
      return { kind: 'not-sent', reason: 'ECONNREFUSED' };
    case 'too-many-requests':
      return answered(
        429,
        { code: 20429, status: 429 },
        fate.retryAfterSeconds === undefined
          ? REQUEST_ID
          : new Map([['retry-after', String(fate.retryAfterSeconds)]]),
      );
    case 'twilio-error':
      return answered(400, { code: fate.errorCode, status: 400, message: 'refused' });
    case 'server-error':
      return answered(503, { code: 20503, status: 503 });
    case 'timeout':
      return { kind: 'no-answer', reason: 'timeout', partial: {} };
    case 'reset':
      return { kind: 'no-answer', reason: 'ECONNRESET', partial: {} };
    case 'rubbish':
      return answered(201, '<html>almost</html>');
    case 'proxy-refusal':
      return answered(403, '<html>blocked</html>');
  }
};
