import type { Source } from '../../domain/voice/call.ts';
import { callParameters } from '../../domain/voice/call-parameters.ts';
import type { WebhookParameters } from '../../domain/webhook-parameters.ts';
import { readTwiml, readVoiceTwiml } from '../../twiml/voice/read-voice-twiml.ts';
import type { PlacedVerb, TwimlWarning } from '../../twiml/voice/verbs.ts';
import { deliverWebhook } from '../../webhooks/deliver-webhook.ts';
import { idempotencyToken } from '../deliver-callback.ts';
import { nextOrdinal, report } from '../world.ts';
import { callTransport } from './call-transport.ts';
import { type LiveCall, write } from './live-call.ts';
import { type Place, placeAt } from './place.ts';

export type Loaded =
  | { readonly kind: 'document'; readonly verbs: readonly PlacedVerb[]; readonly place: Place }
  /** Neither the document nor the fallback can be executed. */
  | { readonly kind: 'dead' };

export interface DocumentError {
  readonly errorCode: number;
  readonly detail: string;
  readonly url: string;
}

/** The document of a source, or the one of the call's fallback URL where the first cannot be had. */
export async function loadDocument(live: LiveCall, source: Source): Promise<Loaded> {
  const first = source.kind === 'inline' ? inline(live, source.twiml) : await fetchPage(live, source, false);
  return first.kind === 'failed' ? loadFallback(live, first.error) : first;
}

/** https://www.twilio.com/docs/usage/webhooks: the fallback gets the same parameters, and what went wrong. */
export async function loadFallback(live: LiveCall, error: DocumentError): Promise<Loaded> {
  note(live, error, 'ERROR');
  const { fallback } = live.record;
  if (!fallback) return { kind: 'dead' };
  const page = {
    kind: 'page',
    ...fallback,
    extra: [
      ['ErrorCode', `${error.errorCode}`],
      ['ErrorUrl', error.url.split('#')[0] ?? ''],
    ],
  } as const;
  const second = await fetchPage(live, page, true);
  if (second.kind === 'document') return second;
  note(live, second.error, 'ERROR');
  return { kind: 'dead' };
}

type Fetched =
  | Extract<Loaded, { readonly kind: 'document' }>
  | { readonly kind: 'failed'; readonly error: DocumentError };

function inline(live: LiveCall, twiml: string): Fetched {
  const document = readTwiml(twiml);
  if (document.kind === 'error') return { kind: 'failed', error: { ...document, url: '' } };
  warn(live, document.warnings, '');
  return { kind: 'document', verbs: document.verbs, place: placeAt(undefined) };
}

type PageSource = Extract<Source, { readonly kind: 'page' }>;

async function fetchPage(live: LiveCall, page: PageSource, fallback: boolean): Promise<Fetched> {
  const { record } = live;
  record.documents += 1;
  const params = [...callParameters(record), ...(page.extra ?? [])];
  const answer = await request(live, page, { params, fallback });
  if (answer.kind === 'failed') return { kind: 'failed', error: { ...answer, url: page.url } };
  const document = readVoiceTwiml(answer);
  if (document.kind === 'error') return { kind: 'failed', error: { ...document, url: page.url } };
  warn(live, document.warnings, page.url);
  return { kind: 'document', verbs: document.verbs, place: placeAt(answer.url) };
}

interface Asked {
  readonly params: WebhookParameters;
  readonly fallback: boolean;
}

async function request(live: LiveCall, page: PageSource, { params, fallback }: Asked) {
  const { world, record, account } = live;
  const at = world.clock.now();
  const { attempts, result } = await deliverWebhook(
    {
      url: page.url,
      method: page.method,
      params,
      authToken: account.authToken,
      idempotencyToken: idempotencyToken(world, record.sid, nextOrdinal(world, 'voice-request')),
      product: 'voice',
    },
    { transport: callTransport(live, fallback), now: world.clock.now },
  );
  const errorCode = result.kind === 'failed' ? result.errorCode : undefined;
  const { url, method } = page;
  const entry = { callSid: record.sid, at, url, method, params, fallback, errorCode, attempts };
  world.state.voice.requests[record.sid] = [...(world.state.voice.requests[record.sid] ?? []), entry];
  const statusCode = attempts.at(-1)?.statusCode;
  write(live, { kind: 'request', url: url.split('#')[0] ?? '', method, fallback, statusCode, errorCode });
  return result;
}

function warn(live: LiveCall, warnings: readonly TwimlWarning[], url: string): void {
  for (const warning of warnings) note(live, { ...warning, url }, 'WARNING');
}

function note({ world, account, record }: LiveCall, error: DocumentError, level: 'ERROR' | 'WARNING'): void {
  report(world, {
    accountSid: account.accountSid,
    level,
    errorCode: error.errorCode,
    detail: error.detail,
    resourceSid: record.sid,
    url: error.url,
  });
}
