import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { METRICS } from '../shared/contract/metrics.ts';
import type { Observer, SafeFields } from '../shared/ports/observer.ts';
import type { AnswerOutcome } from './answer-call.ts';

/** Twilio reads text/plain aloud where it is no TwiML, so an error's body is empty. */
const TWIML = { 'content-type': 'text/xml; charset=utf-8' };

const STATUS = {
  'not-found': 404,
  oversized: 413,
  'unsupported-media-type': 415,
  malformed: 400,
  forged: 403,
  reshaped: 403,
  foreign: 403,
  unavailable: 503,
} as const;

export const answerRequest = (outcome: AnswerOutcome): APIGatewayProxyStructuredResultV2 =>
  'twiml' in outcome
    ? { statusCode: 200, headers: TWIML, body: outcome.twiml }
    : { statusCode: STATUS[outcome.kind], headers: TWIML, body: '' };

/** One line and one count for each request; a refused one says which rule it broke, never with what. */
export const observeAnswer = (outcome: AnswerOutcome, milliseconds: number, observer: Observer): void => {
  const fields = { outcome: outcome.kind, ...describe(outcome), milliseconds };
  observer.count(METRICS.callAnswer, 1, outcome.kind);
  if ('twiml' in outcome) observer.duration(METRICS.callAnswerTime, milliseconds);
  if (outcome.kind === 'apology') observer.count(METRICS.callApology, 1, outcome.cause);
  if (outcome.kind === 'foreign') observer.count(METRICS.foreignStep);
  if (outcome.kind === 'answered' || outcome.kind === 'repeated') observer.info('call', fields);
  else observer.warn('call', fields);
};

const describe = (outcome: AnswerOutcome): SafeFields => {
  if (outcome.kind === 'not-found') return {};
  const { route, accountSid } = outcome.path;
  return {
    route,
    accountSid,
    ...('callSid' in outcome && { sid: outcome.callSid }),
    ...('cause' in outcome && { what: outcome.cause }),
    ...('parameter' in outcome && { parameter: outcome.parameter, rule: outcome.rule }),
  };
};
