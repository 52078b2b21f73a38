import type { WebhookCrypto } from '../shared/ports/webhook-crypto.ts';
import { ADDED_BY_FALLBACK, canonicalParameters } from '../shared/twilio/canonical-parameters.ts';
import { type Reshaped, reshaped } from '../shared/twilio/field-grammar.ts';
import type { FormFields } from '../shared/twilio/form-body.ts';
import { isOnlyBodyHash } from './domain/body-hash.ts';
import {
  type Claim,
  claimCloudEvents,
  claimDebugger,
  claimInboundMessage,
  claimMessageStatus,
} from './domain/claim.ts';
import { readCloudEvents } from './domain/cloud-events.ts';
import { checkDebugger } from './domain/debugger-grammar.ts';
import type { HookPath } from './domain/hook-path.ts';
import { checkInboundMessage, checkMessageStatus } from './domain/message-grammar.ts';
import { readVoiceWebhook } from './read-voice-webhook.ts';

/** A request whose signature holds. */
export interface VerifiedRequest {
  readonly path: HookPath;
  readonly rawQuery: string;
  readonly text: string;
  readonly fields: FormFields;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

export interface ClaimedWebhook {
  readonly kind: 'webhook';
  readonly claim: Claim;
  readonly payloadHash: string;
  readonly source: 'webhook' | 'fallback' | 'poll';
}

/** Hex digits that tell attempts apart in keys: 64 bits of a digest of 128 random ones. */
const ATTEMPT_DIGITS = 16;

/** Applies the route's grammar and says under which key the webhook is kept and what events it means. */
export const readWebhook = (request: VerifiedRequest, crypto: WebhookCrypto): ClaimedWebhook | Reshaped => {
  const { route } = request.path;
  const isQueryExpected =
    route === 'eventStreams' ? isOnlyBodyHash(request.rawQuery) : request.rawQuery === '';
  if (!isQueryExpected) return reshaped('query', 'query');
  switch (route) {
    case 'inboundMessage':
      return readInboundMessage(request, crypto, 'webhook');
    case 'inboundMessageFallback':
      return readInboundMessage(request, crypto, 'fallback');
    case 'messageStatus':
    case 'messageStatusOfAttempt':
      return readMessageStatus(request, crypto);
    case 'eventStreams':
      return readEventStreams(request, crypto);
    case 'debugger':
      return readDebugger(request, crypto);
    case 'callStatus':
    case 'callStatusOfAttempt':
    case 'recordings':
    case 'machineDetection':
    case 'taskRouterEvents':
    case 'taskRouterAssignment':
      return readVoiceWebhook(
        route,
        { ...received(request.path, request.receivedAt), fields: request.fields },
        crypto,
      );
  }
};

/** The parameters that a webhook would have carried, put together from Twilio's list: no less strictly read. */
export const readPolledMessage = (
  message: Pick<VerifiedRequest, 'path' | 'fields' | 'receivedAt'>,
  crypto: WebhookCrypto,
): ClaimedWebhook | Reshaped => readInboundMessage(message, crypto, 'poll');

const readInboundMessage = (
  { path, fields, receivedAt }: Pick<VerifiedRequest, 'path' | 'fields' | 'receivedAt'>,
  crypto: WebhookCrypto,
  source: 'webhook' | 'fallback' | 'poll',
): ClaimedWebhook | Reshaped => {
  const verdict = checkInboundMessage(fields, path.accountSid);
  if (verdict.kind === 'reshaped') return verdict;
  const leftOut = source === 'fallback' ? ADDED_BY_FALLBACK : undefined;
  const payloadHash = crypto.sha256(canonicalParameters(fields, leftOut));
  const claim = claimInboundMessage({ ...received(path, receivedAt), fields, source });
  return { kind: 'webhook', claim, payloadHash, source };
};

const readMessageStatus = (
  { path, fields, receivedAt }: VerifiedRequest,
  crypto: WebhookCrypto,
): ClaimedWebhook | Reshaped => {
  const verdict = checkMessageStatus(fields, path.accountSid);
  if (verdict.kind === 'reshaped') return verdict;
  const payloadHash = crypto.sha256(canonicalParameters(fields));
  const attempt = path.token === undefined ? undefined : crypto.sha256(path.token).slice(0, ATTEMPT_DIGITS);
  const claim = claimMessageStatus({
    ...received(path, receivedAt),
    fields,
    parametersHash: payloadHash,
    ...(attempt !== undefined && { attempt }),
  });
  return { kind: 'webhook', claim, payloadHash, source: 'webhook' };
};

const readEventStreams = (
  { path, text, receivedAt }: VerifiedRequest,
  crypto: WebhookCrypto,
): ClaimedWebhook | Reshaped => {
  const cloudEvents = readCloudEvents(text);
  if (cloudEvents === undefined) return reshaped('body', 'json');
  const bodyHash = crypto.sha256(text);
  const claim = claimCloudEvents({ ...received(path, receivedAt), cloudEvents, bodyHash });
  return { kind: 'webhook', claim, payloadHash: bodyHash, source: 'webhook' };
};

const readDebugger = (
  { path, fields, receivedAt }: VerifiedRequest,
  crypto: WebhookCrypto,
): ClaimedWebhook | Reshaped => {
  const verdict = checkDebugger(fields, path.accountSid);
  if (verdict.kind === 'reshaped') return verdict;
  const payloadHash = crypto.sha256(canonicalParameters(fields));
  const claim = claimDebugger({ ...received(path, receivedAt), fields });
  return { kind: 'webhook', claim, payloadHash, source: 'webhook' };
};

const received = (path: HookPath, receivedAt: number) => ({
  accountSid: path.accountSid,
  receivedAt: new Date(receivedAt).toISOString(),
});
