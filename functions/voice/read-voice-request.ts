import { METRICS } from '../shared/contract/metrics.ts';
import { readBody } from '../shared/runtime/webhooks/read-body.ts';
import { verifyWebhook } from '../shared/runtime/webhooks/verify-webhook.ts';
import type { WebhookRequest } from '../shared/runtime/webhooks/webhook-request.ts';
import { ADDED_BY_FALLBACK, canonicalParameters } from '../shared/twilio/canonical-parameters.ts';
import { type FormFields, parseFormBody } from '../shared/twilio/form-body.ts';
import { checkVoiceFields } from './domain/voice-grammar.ts';
import { resolveVoicePath, type VoicePath } from './domain/voice-path.ts';
import type { AnswerPorts, AnswerSettings } from './ports.ts';

/** A request whose signature and grammar hold. */
export interface VoiceRequest {
  readonly kind: 'verified';
  readonly path: VoicePath;
  readonly callSid: string;
  readonly fields: FormFields;
  /** Of token and signed parameters: one hash, one answer. */
  readonly inputHash: string;
  /** Fixed per invocation. */
  readonly owner: string;
}

export type Refusal =
  | { readonly kind: 'not-found' }
  | {
      readonly kind:
        | 'oversized'
        | 'unsupported-media-type'
        | 'malformed'
        | 'forged'
        | 'unavailable'
        | 'foreign';
      readonly path: VoicePath;
    }
  | {
      readonly kind: 'reshaped';
      readonly path: VoicePath;
      readonly parameter: string;
      readonly rule: string;
    };

/** Size, raw body, signature, grammar; the first that fails answers. */
export const readVoiceRequest = async (
  request: WebhookRequest,
  ports: AnswerPorts,
  settings: AnswerSettings,
): Promise<VoiceRequest | Refusal> => {
  const path = resolveVoicePath(request.routeKey, request.pathParameters);
  if (path === undefined) return { kind: 'not-found' };
  const body = readBody(request.body, request.isBase64Encoded);
  if (body.kind === 'oversized') return { kind: 'oversized', path };
  if (!isForm(request.contentType)) return { kind: 'unsupported-media-type', path };
  const form = body.kind === 'bytes' ? parseFormBody(body.bytes) : body;
  if (form.kind === 'malformed') return { kind: 'malformed', path };
  const { fields } = form;
  const { rawQuery, signature, owner } = request;
  const { accountSid } = path;
  const verification = await verifyWebhook(
    { accountSid, path: path.path, rawQuery, fields, signature },
    ports,
    settings,
  );
  if (verification === 'forged') return { kind: 'forged', path };
  if (verification === 'secret-unavailable') return { kind: 'unavailable', path };
  const verdict =
    rawQuery === '' ? checkVoiceFields(fields, accountSid) : ({ kind: 'reshaped', ...QUERY } as const);
  if (verdict.kind === 'reshaped') {
    ports.observer.count(METRICS.reshape);
    return { kind: 'reshaped', path, parameter: verdict.parameter, rule: verdict.rule };
  }
  const signed = canonicalParameters(fields, ADDED_BY_FALLBACK);
  const inputHash = ports.crypto.sha256(`${path.token}\n${signed}`);
  return { kind: 'verified', path, callSid: fields.get('CallSid')?.[0] ?? '', fields, inputHash, owner };
};

/** Our own addresses carry no query, so any was put there. */
const QUERY = { parameter: 'query', rule: 'query' } as const;

const isForm = (contentType: string): boolean =>
  contentType.split(';', 1)[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
