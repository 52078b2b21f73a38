import { outboxOf } from './call-events.ts';
import { type Call, callItem, callKey, readCall } from './call-item.ts';
import { describeSurroundings } from './describe-surroundings.ts';
import { step } from './domain/step.ts';
import { readStepInput, readWaiting } from './domain/step-fields.ts';
import { renderTwiml } from './domain/twiml.ts';
import { waitingVerbs } from './domain/wait.ts';
import type { AnswerPorts, AnswerSettings } from './ports.ts';
import type { VoiceRequest } from './read-voice-request.ts';
import type { StepOutcome } from './start-call.ts';
import { isEarlierStep, stepToken, waitToken } from './step-tokens.ts';

/**
 * One read, one conditional write. The token says which step is meant:
 *
 *   the present one   → the step is taken, under the version that was read
 *   the one before    → same parameters: Twilio asks again, same bytes; others: late, the present document again
 *   an earlier one    → late, the present document again
 *   none of them      → somebody else's
 */
export const takeStep = async (
  request: VoiceRequest,
  ports: AnswerPorts,
  settings: AnswerSettings,
): Promise<StepOutcome> => {
  const call = await load(request.callSid, ports);
  if (call === undefined) return { kind: 'lost' };
  if (call.accountSid !== request.path.accountSid) return { kind: 'foreign' };
  const { token } = request.path;
  if (!ports.crypto.isEqual(token, stepToken(call.secret, call.version)))
    return isEarlierStep(call.secret, token, call.version) ? repeat(call, request) : { kind: 'foreign' };
  return await advance(call, request, ports, settings);
};

const load = async (callSid: string, { tables }: AnswerPorts): Promise<Call | undefined> => {
  const item = await tables.get('voice', { pk: callKey(callSid) }, { consistent: true });
  return item === undefined ? undefined : readCall(item);
};

const repeat = ({ lastInput, lastAnswer }: Call, { inputHash }: VoiceRequest): StepOutcome => ({
  kind: lastInput === inputHash ? 'repeated' : 'stale',
  twiml: lastAnswer,
});

const advance = async (
  before: Call,
  request: VoiceRequest,
  ports: AnswerPorts,
  settings: AnswerSettings,
): Promise<StepOutcome> => {
  const flows = await ports.flows.byHash(before.flowHash);
  if (flows === undefined) return { kind: 'lost' };
  const now = ports.clock();
  const { accountSid, secret } = before;
  const version = before.version + 1;
  const { fields, inputHash, owner } = request;
  const surroundings = describeSurroundings({ accountSid, secret, version, fields, now }, settings);
  const input = readStepInput(fields);
  const arrival = step(flows, before.state, input, surroundings);
  const call: Call = {
    ...before,
    version,
    state: arrival.state,
    lastInput: inputHash,
    lastAnswer: renderTwiml(arrival.verbs),
    owner,
  };
  const cause = { kind: 'input', input } as const;
  const outbox = outboxOf({ call, cause, arrival, recording: surroundings.recordingPlan, now });
  const result = await ports.tables.put({
    table: 'voice',
    item: callItem(call, outbox, now),
    condition: atVersion(before.version),
  });
  if (result.kind === 'written') return { kind: 'answered', twiml: call.lastAnswer };
  if (result.existing === undefined) return { kind: 'lost' };
  const winner = readCall(result.existing);
  return winner.owner === owner ? { kind: 'answered', twiml: winner.lastAnswer } : repeat(winner, request);
};

const atVersion = (version: number) => ({
  expression: '#version = :version',
  names: { '#version': 'version' },
  values: { ':version': version },
});

/** A round of waiting, or a whisper: nothing is written, so the same token may come as often as it likes. */
export const answerWait = async (request: VoiceRequest, ports: AnswerPorts): Promise<StepOutcome> => {
  // A whisper is fetched by the leg that was dialled; the call in the flow is its parent.
  const callSid = request.fields.get('ParentCallSid')?.[0] ?? request.callSid;
  const call = await load(callSid, ports);
  if (call === undefined) return { kind: 'lost' };
  const { token, accountSid } = request.path;
  if (call.accountSid !== accountSid) return { kind: 'foreign' };
  if (!ports.crypto.isEqual(token, waitToken(call.secret, call.version))) return LET_GO;
  const flows = await ports.flows.byHash(call.flowHash);
  const verbs =
    flows === undefined ? undefined : waitingVerbs(flows, call.state, readWaiting(request.fields));
  return verbs === undefined ? LET_GO : { kind: 'answered', twiml: renderTwiml(verbs) };
};

/** The call has left this wait: whoever is still in it is led back to its flow. */
const LET_GO: StepOutcome = { kind: 'stale', twiml: renderTwiml([{ verb: 'leave' }]) };
