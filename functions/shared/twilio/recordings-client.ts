import * as z from 'zod';
import type { AccountSecrets } from '../ports/account-secrets.ts';
import type { NoAnswer } from '../ports/twilio-ledger.ts';
import type {
  MediaRequest,
  RecordingName,
  TwilioRecording,
  TwilioRecordings,
} from '../ports/twilio-recordings.ts';
import { readAuthorization } from './account-credentials.ts';
import { reasonOf } from './failure-reason.ts';
import { parseJson, retryAfter } from './read-answer.ts';

export interface TwilioRecordingsOptions {
  /** `https://api.twilio.com`, or the simulator's origin; configuration, never input. */
  readonly baseUrl: string;
  readonly secrets: AccountSecrets;
  /** Of each request, from its connection to the last byte of its answer. @default 20,000 */
  readonly timeoutMilliseconds?: number;
}

type Ports = Required<TwilioRecordingsOptions>;

/**
 * TwilioRecordings over Twilio's REST API. URLs are built from SIDs, never taken from a webhook; no redirect is followed, so
 * that the credentials go nowhere else.
 */
export const createTwilioRecordings = (options: TwilioRecordingsOptions): TwilioRecordings => {
  const ports: Ports = { timeoutMilliseconds: 20_000, ...options };
  return {
    fetchRecording: (name) => fetchRecording(name, ports),
    readMedia: (request) => readMedia(request, ports),
    deleteRecording: (name) => deleteRecording(name, ports),
  };
};

const fetchRecording = async (
  name: RecordingName,
  ports: Ports,
): ReturnType<TwilioRecordings['fetchRecording']> => {
  const asked = await ask('GET', `${pathOf(name)}.json`, name.accountSid, ports, LARGEST_RESOURCE);
  if (asked.kind !== 'answered') return asked.kind === 'too-large' ? unavailable('answer too large') : asked;
  if (asked.status === 404) return { kind: 'absent' };
  if (asked.status !== 200) return refusal(asked);
  const resource = Resource.safeParse(parseJson(Buffer.from(asked.bytes).toString('utf8'))).data;
  if (resource?.sid !== name.recordingSid || resource.account_sid !== name.accountSid)
    return unavailable('200 without the recording');
  return { kind: 'found', recording: recordingOf(resource) };
};

const readMedia = async (request: MediaRequest, ports: Ports): ReturnType<TwilioRecordings['readMedia']> => {
  const channels = request.channels === 2 ? '?RequestedChannels=2' : '';
  const path = `${pathOf(request)}.${request.format}${channels}`;
  const asked = await ask('GET', path, request.accountSid, ports, request.maximumBytes);
  if (asked.kind !== 'answered') return asked;
  if (asked.status === 404 || asked.status === 410) return { kind: 'absent' };
  if (asked.status !== 200) return refusal(asked);
  return asked.bytes.byteLength === 0
    ? unavailable('200 without a byte')
    : { kind: 'media', bytes: asked.bytes };
};

const deleteRecording = async (
  name: RecordingName,
  ports: Ports,
): ReturnType<TwilioRecordings['deleteRecording']> => {
  const asked = await ask('DELETE', `${pathOf(name)}.json`, name.accountSid, ports, LARGEST_RESOURCE);
  if (asked.kind !== 'answered') return asked.kind === 'too-large' ? unavailable('answer too large') : asked;
  if (asked.status === 204) return { kind: 'deleted' };
  return asked.status === 404 ? { kind: 'absent' } : refusal(asked);
};

const LARGEST_RESOURCE = 64 * 1024;
const pathOf = ({ accountSid, recordingSid }: RecordingName): string =>
  `/2010-04-01/Accounts/${accountSid}/Recordings/${recordingSid}`;

interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly bytes: Uint8Array;
}

/** One request; the record's next appointment is the retry. */
const ask = async (
  method: 'GET' | 'DELETE',
  path: string,
  accountSid: string,
  { baseUrl, secrets, timeoutMilliseconds }: Ports,
  maximumBytes: number,
): Promise<Answered | { readonly kind: 'too-large' } | NoAnswer> => {
  const authorization = await readAuthorization(secrets, accountSid);
  if (authorization === undefined) return unavailable('the account secret cannot be read');
  try {
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers: { authorization, 'accept-encoding': 'identity', 'user-agent': 'trunkline' },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    const bytes = await readBytes(response, maximumBytes);
    if (bytes === undefined) return { kind: 'too-large' };
    const { status, headers } = response;
    return { kind: 'answered', status, retryAfter: headers.get('retry-after') ?? undefined, bytes };
  } catch (error) {
    return unavailable(reasonOf(error));
  }
};

/** Undefined as soon as there is more than allowed. */
const readBytes = async ({ body }: Response, maximumBytes: number): Promise<Uint8Array | undefined> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > maximumBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const unavailable = (reason: string) => ({ kind: 'unavailable', reason }) as const;

const refusal = ({ status, retryAfter: header }: Answered): NoAnswer =>
  status === 429
    ? // Dates in Retry-After are not read here: the record has an appointment of its own.
      { kind: 'throttled', ...retryAfter(header, Number.POSITIVE_INFINITY) }
    : unavailable(`status ${status}`);

/** The Recording resource (Twilio's OpenAPI description, api.v2010.account.recording), as far as it is used. */
const Resource = z.object({
  sid: z.string(),
  account_sid: z.string(),
  call_sid: z.string().nullish(),
  conference_sid: z.string().nullish(),
  status: z.string().min(1).max(40),
  source: z.string().nullish(),
  start_time: z.string().nullish(),
  duration: z.string().nullish(),
  channels: z.int().nullish(),
  error_code: z.int().nullish(),
});

const recordingOf = (resource: z.infer<typeof Resource>): TwilioRecording => {
  const startedAt = Date.parse(resource.start_time ?? '');
  const duration = Number(resource.duration ?? Number.NaN);
  return {
    status: resource.status,
    ...(resource.call_sid ? { callSid: resource.call_sid } : {}),
    ...(resource.conference_sid ? { conferenceSid: resource.conference_sid } : {}),
    ...(resource.source ? { source: resource.source } : {}),
    ...(Number.isNaN(startedAt) ? {} : { startedAt }),
    ...(duration >= 0 ? { durationSeconds: duration } : {}),
    ...(resource.channels ? { channels: resource.channels } : {}),
    ...(resource.error_code ? { errorCode: resource.error_code } : {}),
  };
};
