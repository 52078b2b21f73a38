import { KEYWORD_RULES } from '../../shared/keywords/keyword-rules.ts';
import { isAnsweredByTwilio, type Keyword, readKeyword } from '../../shared/keywords/read-keyword.ts';

type Fields = ReadonlyMap<string, readonly string[]>;

export interface Asked {
  /** Absent where it is just a message. */
  readonly keyword?: Keyword['kind'];
  /** Present and true where Twilio answers the message by itself. */
  readonly answeredByTwilio?: true;
}

/** What an inbound message asks of us by the keyword rules, and who answers. */
export const askedBy = (fields: Fields): Asked => {
  const body = fields.get('Body')?.[0] ?? '';
  const keyword = readKeyword({ body, optOutType: fields.get('OptOutType')?.[0] }, KEYWORD_RULES);
  const isAnswered =
    keyword !== undefined && 'answeredByTwilio' in keyword
      ? keyword.answeredByTwilio
      : isAnsweredByTwilio(body, KEYWORD_RULES);
  return {
    ...(keyword === undefined ? {} : { keyword: keyword.kind }),
    ...(isAnswered ? { answeredByTwilio: true } : {}),
  };
};
