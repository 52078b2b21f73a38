import { type TwilioError, twilioError } from '../../domain/twilio-error.ts';
import { type CallRecord, isOver, type Source } from '../../domain/voice/call.ts';
import { hookIn } from '../../domain/voice/validate-call.ts';
import type { World } from '../world.ts';
import { findLive } from './live-call.ts';

/** `POST Calls/{Sid}.json`: ends a call, calls one off, or sends it to another document. */
export function changeCall(world: World, record: CallRecord, form: URLSearchParams): TwilioError | undefined {
  const status = form.get('Status');
  if (status !== null) return changeStatus(world, record, status);
  const twiml = form.get('Twiml');
  const page = hookIn(form, 'Url', 'Method');
  if (!page && !twiml) return undefined;
  if (page && twiml) return twilioError(20001, 'Url and Twiml exclude one another');
  if (twiml && twiml.length > 4000) {
    return twilioError(32018, 'Twiml size exceeds the maximum of 4000 characters');
  }
  if (page && !URL.canParse(page.url)) return twilioError(21205, `Url is not a valid URL: ${page.url}`);
  if (record.status !== 'in-progress') return notInProgress();
  const fallback = hookIn(form, 'FallbackUrl', 'FallbackMethod');
  if (fallback) record.fallback = fallback;
  const source: Source = page ? { kind: 'page', ...page } : { kind: 'inline', twiml: twiml ?? '' };
  findLive(world, record.sid)?.strand.send({ kind: 'redirected', source });
  return undefined;
}

/** `completed` ends a call in any state; `canceled` only one that nobody has answered. */
function changeStatus(world: World, record: CallRecord, status: string): TwilioError | undefined {
  if (status !== 'completed' && status !== 'canceled') {
    return twilioError(20001, `Status ${status} cannot be set`);
  }
  if (isOver(record.status)) return notInProgress();
  const live = findLive(world, record.sid);
  if (status === 'completed') live?.strand.send({ kind: 'completed-by-api' });
  // A call in progress goes on, and the answer shows that it does (API description: queued and ringing only).
  if (status === 'canceled' && record.status !== 'in-progress') live?.strand.send({ kind: 'canceled' });
  return undefined;
}

const notInProgress = () => twilioError(21220, 'Call is not in-progress. Cannot redirect.');
