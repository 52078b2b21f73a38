import type { WebhookCrypto } from '../shared/ports/webhook-crypto.ts';
import { canonicalParameters } from '../shared/twilio/canonical-parameters.ts';
import type { GrammarVerdict, Reshaped } from '../shared/twilio/field-grammar.ts';
import { checkCallStatus, checkMachineDetection } from './domain/call-grammar.ts';
import type { Claim } from './domain/claim.ts';
import {
  claimAssignment,
  claimCallStatus,
  claimMachineDetection,
  claimRecording,
  claimTaskEvent,
} from './domain/claim-call.ts';
import type { Fields, Received } from './domain/claim-parts.ts';
import { checkRecording } from './domain/recording-grammar.ts';
import { checkAssignment, checkTaskEvent } from './domain/task-grammar.ts';
import type { ClaimedWebhook } from './read-webhook.ts';

/** Webhooks of calls that nobody waits for, and the question for a reservation, which is answered from configuration. */
type VoiceRoute =
  | 'callStatus'
  | 'callStatusOfAttempt'
  | 'recordings'
  | 'machineDetection'
  | 'taskRouterEvents'
  | 'taskRouterAssignment';

type ReceivedFields = Received & { readonly fields: Fields };

interface Reading {
  readonly check: (fields: Fields, accountSid: string) => GrammarVerdict;
  readonly claim: (received: ReceivedFields) => Claim;
}

const READINGS: Readonly<Record<VoiceRoute, Reading>> = {
  callStatus: {
    check: checkCallStatus,
    claim: (received) => claimCallStatus({ ...received, attempted: false }),
  },
  callStatusOfAttempt: {
    check: checkCallStatus,
    claim: (received) => claimCallStatus({ ...received, attempted: true }),
  },
  recordings: { check: checkRecording, claim: claimRecording },
  machineDetection: { check: checkMachineDetection, claim: claimMachineDetection },
  taskRouterEvents: { check: checkTaskEvent, claim: claimTaskEvent },
  taskRouterAssignment: { check: checkAssignment, claim: claimAssignment },
};

/** Applies the grammar of one of voice's asynchronous webhooks and says under which key it is kept. */
export const readVoiceWebhook = (
  route: VoiceRoute,
  received: ReceivedFields,
  crypto: WebhookCrypto,
): ClaimedWebhook | Reshaped => {
  const { check, claim } = READINGS[route];
  const verdict = check(received.fields, received.accountSid);
  if (verdict.kind === 'reshaped') return verdict;
  const payloadHash = crypto.sha256(canonicalParameters(received.fields));
  return { kind: 'webhook', claim: claim(received), payloadHash, source: 'webhook' };
};
