import { StoreUnavailableError } from '../shared/ports/table-client.ts';
import type { WebhookRequest } from '../shared/runtime/webhooks/webhook-request.ts';
import { apologyOf } from './describe-surroundings.ts';
import { renderTwiml } from './domain/twiml.ts';
import { isLaterStep, type VoicePath } from './domain/voice-path.ts';
import type { AnswerPorts, AnswerSettings } from './ports.ts';
import { type Refusal, readVoiceRequest, type VoiceRequest } from './read-voice-request.ts';
import { type StepOutcome, startInboundCall, startOutboundCall } from './start-call.ts';
import { answerWait, takeStep } from './take-step.ts';

/** Why a caller hears the apology instead of the flow. */
export type ApologyCause = 'store' | 'deadline' | 'lost' | 'broken';

export type AnswerOutcome =
  | Refusal
  | {
      readonly kind: 'answered' | 'repeated' | 'stale';
      readonly path: VoicePath;
      readonly callSid: string;
      readonly twiml: string;
    }
  | {
      readonly kind: 'apology';
      readonly path: VoicePath;
      readonly callSid: string;
      readonly twiml: string;
      readonly cause: ApologyCause;
    };

/**
 * Milliseconds from the request's arrival to an answer, whatever the table does; our addresses give one try of Twilio's
 * 3.5 s (contract/webhook-urls.ts), and a caller hears nothing meanwhile.
 */
const DEADLINE = 2500;

/** Request to document. Once the signature holds, every failure is an apology with a way on: never an error page. */
export const answerCall = async (
  raw: WebhookRequest,
  ports: AnswerPorts,
  settings: AnswerSettings,
): Promise<AnswerOutcome> => {
  const deadline = ports.clock() + DEADLINE;
  const request = await readVoiceRequest(raw, ports, settings);
  if (request.kind !== 'verified') return request;
  const { path, callSid } = request;
  const outcome = await ports.within(deadline - ports.clock(), settle(request, ports, settings));
  if (typeof outcome === 'string') return apologise(outcome, request, settings);
  switch (outcome.kind) {
    case 'answered':
    case 'repeated':
    case 'stale':
      return { ...outcome, path, callSid };
    case 'lost':
      return apologise('lost', request, settings);
    case 'foreign':
      return { kind: 'foreign', path };
    default:
      return outcome satisfies never;
  }
};

/** Errors as outcomes: whatever it was, the caller is on the line. */
const settle = async (
  request: VoiceRequest,
  ports: AnswerPorts,
  settings: AnswerSettings,
): Promise<StepOutcome | ApologyCause> => {
  try {
    return await take(request, ports, settings);
  } catch (error) {
    const { route, accountSid } = request.path;
    ports.observer.error('a step could not be taken', error, { route, accountSid, sid: request.callSid });
    return error instanceof StoreUnavailableError ? 'store' : 'broken';
  }
};

const take = (request: VoiceRequest, ports: AnswerPorts, settings: AnswerSettings): Promise<StepOutcome> => {
  const { route, token } = request.path;
  switch (route) {
    case 'callInbound':
      return startInboundCall(request, ports, settings);
    case 'callStep':
      return isLaterStep(token)
        ? takeStep(request, ports, settings)
        : startOutboundCall(request, ports, settings);
    case 'callWait':
      return answerWait(request, ports);
    default:
      return route satisfies never;
  }
};

const apologise = (
  cause: ApologyCause,
  { path, callSid }: VoiceRequest,
  settings: AnswerSettings,
): AnswerOutcome => {
  const verbs =
    path.route === 'callWait' ? [{ verb: 'leave' } as const] : apologyOf(path.accountSid, settings);
  return { kind: 'apology', path, callSid, cause, twiml: renderTwiml(verbs) };
};
