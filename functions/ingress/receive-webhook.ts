import { METRICS } from '../shared/contract/metrics.ts';
import { readBody } from '../shared/runtime/webhooks/read-body.ts';
import { type Verification, verifyWebhook } from '../shared/runtime/webhooks/verify-webhook.ts';
import type { WebhookRequest } from '../shared/runtime/webhooks/webhook-request.ts';
import type { Reshaped } from '../shared/twilio/field-grammar.ts';
import { type FormFields, parseFormBody } from '../shared/twilio/form-body.ts';
import { claimRevocation } from './claim-revocation.ts';
import { claimWebhook } from './claim-webhook.ts';
import { assignmentInstruction } from './domain/assignment-instruction.ts';
import { bodyHashOf } from './domain/body-hash.ts';
import { type HookPath, resolveHookPath } from './domain/hook-path.ts';
import type { IngressPorts, IngressSettings } from './ports.ts';
import { type ClaimedWebhook, readWebhook } from './read-webhook.ts';

export type WebhookOutcome =
  | {
      readonly kind: 'accepted' | 'duplicate' | 'mismatch';
      readonly path: HookPath;
      readonly key: string;
      readonly instruction?: string;
    }
  | { readonly kind: 'not-found' }
  | {
      readonly kind: 'oversized' | 'unsupported-media-type' | 'malformed' | 'forged';
      readonly path: HookPath;
    }
  | { readonly kind: 'reshaped'; readonly path: HookPath; readonly parameter: string; readonly rule: string }
  | {
      readonly kind: 'unavailable';
      readonly path: HookPath;
      readonly what: 'secret' | 'store';
      readonly instruction?: string;
    };

/** Size, raw body, signature, grammar, claim; the first that fails answers. Nothing is acknowledged before it is durable. */
export const receiveWebhook = async (
  request: WebhookRequest,
  ports: IngressPorts,
  settings: IngressSettings,
): Promise<WebhookOutcome> => {
  const path = resolveHookPath(request.routeKey, request.pathParameters);
  if (path === undefined) return { kind: 'not-found' };
  const body = readBody(request.body, request.isBase64Encoded);
  if (body.kind === 'oversized') return { kind: 'oversized', path };
  if (!isExpectedMediaType(path, request.contentType)) return { kind: 'unsupported-media-type', path };
  if (body.kind === 'malformed') return { kind: 'malformed', path };
  const content = path.route === 'eventStreams' ? readJson(body.bytes) : parseFormBody(body.bytes);
  if (content.kind === 'malformed') return { kind: 'malformed', path };
  const arrival: Arrival = { request, path, bytes: body.bytes, text: content.text, fields: content.fields };
  const verification = await verify(arrival, ports, settings);
  if (verification === 'forged') return { kind: 'forged', path };
  if (verification === 'secret-unavailable') return { kind: 'unavailable', path, what: 'secret' };
  return await accept(arrival, ports, settings);
};

interface Arrival {
  readonly request: WebhookRequest;
  readonly path: HookPath;
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly fields: FormFields;
}

const verify = async (
  { request, path, bytes, fields }: Arrival,
  ports: IngressPorts,
  settings: IngressSettings,
): Promise<Verification> => {
  const { signature, rawQuery } = request;
  const signed = { accountSid: path.accountSid, path: path.path, rawQuery, fields, signature };
  const verification = await verifyWebhook(signed, ports, settings);
  if (path.route !== 'eventStreams' || verification !== 'signed') return verification;
  return ports.crypto.isEqual(bodyHashOf(rawQuery) ?? '', ports.crypto.sha256(bytes)) ? 'signed' : 'forged';
};

const accept = async (
  { request, path, text, fields }: Arrival,
  ports: IngressPorts,
  settings: IngressSettings,
): Promise<WebhookOutcome> => {
  const receivedAt = ports.clock();
  const webhook = readWebhook({ path, text, fields, rawQuery: request.rawQuery, receivedAt }, ports.crypto);
  if (webhook.kind === 'reshaped') return report(webhook, path, ports);
  const claimed = { ...webhook, path, payload: text, receivedAt, owner: request.owner };
  const write = webhook.claim.revocation === undefined ? claimWebhook : claimRevocation;
  const outcome = await write(claimed, ports, settings);
  const answer = instructionOf(path, fields, settings);
  if (outcome === 'store-unavailable') return { kind: 'unavailable', path, what: 'store', ...answer };
  if (outcome === 'mismatch') reportMismatch(webhook, ports);
  return { kind: outcome, path, key: webhook.claim.key, ...answer };
};

/** A reservation's instruction is configuration, not state: it is given even where it could not be written down. */
const instructionOf = (path: HookPath, fields: FormFields, settings: IngressSettings) =>
  path.route === 'taskRouterAssignment'
    ? {
        instruction: assignmentInstruction(fields, settings.taskInstructions, {
          hooksOrigin: settings.hooksOrigin,
          accountSid: path.accountSid,
        }),
      }
    : {};

const report = (
  { parameter, rule }: Reshaped,
  path: HookPath,
  { observer }: IngressPorts,
): WebhookOutcome => {
  observer.count(METRICS.reshape);
  return { kind: 'reshaped', path, parameter, rule };
};

/** Other content under a key that only ever has one: an inbound message, a debugger report. */
const reportMismatch = ({ claim }: ClaimedWebhook, { observer }: IngressPorts): void => {
  observer.count(METRICS.replayMismatch);
  observer.warn('replay with other content', { key: claim.key });
};

/** The header is not signed: it only keeps out what our routes never get. */
const isExpectedMediaType = (path: HookPath, contentType: string): boolean => {
  const expected = path.route === 'eventStreams' ? 'application/json' : 'application/x-www-form-urlencoded';
  return contentType.split(';', 1)[0]?.trim().toLowerCase() === expected;
};

const NO_FIELDS: FormFields = new Map();

const readJson = (bytes: Uint8Array) => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { kind: 'parsed', text, fields: NO_FIELDS } as const;
  } catch {
    return { kind: 'malformed' } as const;
  }
};
