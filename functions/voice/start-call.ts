import type { Item } from '../shared/ports/table-client.ts';
import { type Cause, outboxOf } from './call-events.ts';
import { type Call, callItem, callKey, readCall } from './call-item.ts';
import { callStartKey } from './call-starts.ts';
import { describeSurroundings } from './describe-surroundings.ts';
import { FlowError } from './domain/call-state.ts';
import { begin } from './domain/step.ts';
import { answeredBy } from './domain/step-fields.ts';
import { renderTwiml } from './domain/twiml.ts';
import { keepFlow } from './flow-shelf.ts';
import type { AnswerPorts, AnswerSettings, PinnedFlow } from './ports.ts';
import type { VoiceRequest } from './read-voice-request.ts';

/** What came of a step, with the bytes that answer it. */
export type StepOutcome =
  | { readonly kind: 'answered' | 'repeated' | 'stale'; readonly twiml: string }
  /** No such call or token, or not any more. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'foreign' };

interface Beginning {
  readonly flow: PinnedFlow;
  readonly values: Readonly<Record<string, string>>;
  readonly cause: Cause;
  readonly correlationId: string;
  readonly ofIntent: Pick<Call, 'intentId' | 'attempt'>;
}

/** An inbound call: its flow is the called number's. */
export const startInboundCall = async (
  request: VoiceRequest,
  ports: AnswerPorts,
  settings: AnswerSettings,
): Promise<StepOutcome> => {
  const { numbers, defaultFlow } = settings.voice;
  const called = request.fields.get('To')?.[0] ?? '';
  const name = (Object.hasOwn(numbers, called) ? numbers[called] : undefined) ?? defaultFlow;
  return await create(
    request,
    {
      flow: currentFlow(name, ports),
      values: {},
      cause: { kind: 'called' },
      correlationId: request.callSid,
      ofIntent: {},
    },
    ports,
    settings,
  );
};

/** The first fetch of a call that we placed: the attempt's token names the start that was armed with it. */
export const startOutboundCall = async (
  request: VoiceRequest,
  ports: AnswerPorts,
  settings: AnswerSettings,
): Promise<StepOutcome> => {
  const { path, callSid } = request;
  const start = await ports.tables.get('voice', { pk: callStartKey(path.token) }, { consistent: true });
  if (start === undefined || isExpired(start, ports.clock())) return await answerAgain(request, ports);
  if (start.accountSid !== path.accountSid) return { kind: 'foreign' };
  const { intentId, attempt, flow, context, correlationId } = start;
  if (typeof intentId !== 'string' || typeof attempt !== 'number' || typeof flow !== 'string')
    throw new FlowError('a start that is none');
  const who = answeredBy(request.fields);
  return await create(
    request,
    {
      flow: currentFlow(flow, ports),
      values: { ...textsOf(context), ...(who !== undefined && { 'answered-by': who }) },
      cause: { kind: 'fetched', intentId, attempt, ...(who !== undefined && { answeredBy: who }) },
      correlationId: typeof correlationId === 'string' ? correlationId : callSid,
      ofIntent: { intentId, attempt },
    },
    ports,
    settings,
  );
};

/** Expiry is compared, never left to the table's clean-up. */
const isExpired = ({ expiresAt }: Item, now: number): boolean =>
  typeof expiresAt !== 'number' || expiresAt * 1000 <= now;

/** The start is gone, but its call may be here: this is a late repeat of its first fetch. */
const answerAgain = async ({ callSid, path }: VoiceRequest, ports: AnswerPorts): Promise<StepOutcome> => {
  const item = await ports.tables.get('voice', { pk: callKey(callSid) }, { consistent: true });
  if (item === undefined) return { kind: 'lost' };
  const call = readCall(item);
  return call.accountSid === path.accountSid
    ? { kind: 'stale', twiml: call.lastAnswer }
    : { kind: 'foreign' };
};

const currentFlow = (name: string, { flows }: AnswerPorts): PinnedFlow => {
  const flow = flows.current(name);
  if (flow === undefined) throw new FlowError(`there is no flow ${name}`);
  return flow;
};

const textsOf = (context: Item[string]): Readonly<Record<string, string>> =>
  typeof context === 'object' && context !== null
    ? Object.fromEntries(
        Object.entries(context).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {};

const create = async (
  request: VoiceRequest,
  { flow, values, cause, correlationId, ofIntent }: Beginning,
  ports: AnswerPorts,
  settings: AnswerSettings,
): Promise<StepOutcome> => {
  const { callSid, path, fields, inputHash, owner } = request;
  const { accountSid } = path;
  const now = ports.clock();
  const secret = ports.randomness.token();
  const surroundings = describeSurroundings({ accountSid, secret, version: 1, fields, now }, settings);
  const arrival = begin(flow.flows, values, surroundings);
  const call: Call = {
    ...{ callSid, accountSid, version: 1, flow: flow.flows.entry, flowHash: flow.hash, secret },
    state: arrival.state,
    lastInput: inputHash,
    lastAnswer: renderTwiml(arrival.verbs),
    ...{ owner, correlationId, ...ofIntent },
  };
  const outbox = outboxOf({ call, cause, arrival, recording: surroundings.recordingPlan, now });
  const existing = await putNew(callItem(call, outbox, now), flow, ports, now);
  return existing === undefined
    ? { kind: 'answered', twiml: call.lastAnswer }
    : answerExisting(existing, request);
};

const NOT_YET_THERE = { expression: 'attribute_not_exists(#pk)', names: { '#pk': 'pk' } };

/** Times that a first step is tried again after somebody else held the flow's row. */
const CONFLICT_TRIES = 3;

/** @returns the call that is there already; its flow is kept with it, once an hour and sandbox. */
const putNew = async (
  item: Item,
  flow: PinnedFlow,
  { tables, flows, randomness, sleep }: AnswerPorts,
  now: number,
): Promise<Item | undefined> => {
  const write = { table: 'voice', item, condition: NOT_YET_THERE } as const;
  for (let tries = 1; !flows.isKept(flow.hash) && tries <= CONFLICT_TRIES; tries += 1) {
    const result = await tables.transact([{ kind: 'put', ...write }, keepFlow(flow, now)]);
    if (result.kind === 'committed') {
      flows.markKept(flow.hash);
      return undefined;
    }
    const [claim] = result.reasons;
    if (claim?.code === 'condition-failed') return claim.existing;
    await sleep(randomness.fraction() * 20 * 2 ** tries);
  }
  if (!flows.isKept(flow.hash)) throw new FlowError('the flow could not be kept');
  const result = await tables.put(write);
  return result.kind === 'written' ? undefined : result.existing;
};

/** A first fetch again: the same bytes, or those of the step that the call has come to since. */
const answerExisting = (item: Item, { inputHash, path, owner }: VoiceRequest): StepOutcome => {
  const call = readCall(item);
  if (call.accountSid !== path.accountSid) return { kind: 'foreign' };
  const kind = call.owner === owner ? 'answered' : call.lastInput === inputHash ? 'repeated' : 'stale';
  return { kind, twiml: call.lastAnswer };
};
