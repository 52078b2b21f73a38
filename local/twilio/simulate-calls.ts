import { type FaultsInput, faultsSchema } from './domain/faults.ts';
import type { CallRecord, EndCause } from './domain/voice/call.ts';
import { type PhoneBehaviourInput, phoneBehaviourSchema } from './domain/voice/phone-behaviour.ts';
import { createWorld } from './engine/create-world.ts';
import type { Person } from './engine/voice/person.ts';
import { acceptCall, callFromPhone } from './engine/voice/start-call.ts';
import { findAccount, type World } from './engine/world.ts';
import { createManualClock } from './manual-clock.ts';
import { type SimulatorSettingsInput, simulatorSettingsSchema } from './options.ts';
import { createAccounts } from './state/create-accounts.ts';
import { createTaskRouter } from './state/create-task-router.ts';
import { emptyState } from './state/simulator-state.ts';
import type { VoiceRequestEntry } from './state/voice-state.ts';
import type { WebhookTransport } from './webhooks/webhook-transport.ts';

export interface Caller {
  readonly from: string;
  readonly to: string;
  readonly person: Person;
}

/** A call that is over, with the requests that it made. */
export interface FinishedCall {
  readonly call: CallRecord;
  readonly requests: readonly VoiceRequestEntry[];
}

export interface CallSimulation {
  readonly settings: SimulatorSettingsInput;
  /** The application, which may ask for the simulated time: called in process, no socket is opened. */
  readonly transport: (now: () => number) => WebhookTransport;
  readonly calls: number;
  /** Simulated time between two callers. @default 100 */
  readonly arrivalMs?: number | undefined;
  /** Who makes the call of that number, from 1. */
  readonly callerOf: (ordinal: number) => Caller;
  /** What phones do that the application has called; everybody else behaves as the number says. */
  readonly phones?: Readonly<Record<string, readonly PhoneBehaviourInput[]>> | undefined;
  /** Who takes callers out of queues, one after another, as long as callers come. */
  readonly agents?: readonly Agent[] | undefined;
  readonly faults?: FaultsInput | undefined;
  /** Milliseconds since 1970. @default 2026-01-01T12:00:00Z */
  readonly startAt?: number | undefined;
  /** Sees each call before it is forgotten. */
  readonly onCallOver?: ((finished: FinishedCall) => void) | undefined;
}

export interface Agent {
  readonly accountSid: string;
  readonly address: string;
  /** A number of the account. */
  readonly from: string;
  readonly queue: string;
  /** How long the agent talks to a caller; the phone's behaviour has to say when it hangs up. */
  readonly callMs: number;
}

export interface CallSimulationReport {
  readonly calls: number;
  /** How the calls ended; together they are all calls. */
  readonly ends: Readonly<Partial<Record<EndCause, number>>>;
  /** Calls that ended in Twilio's error voice. */
  readonly deadEnds: readonly string[];
  /** Requests for documents, and those of them that failed. */
  readonly requests: number;
  readonly failedRequests: number;
  readonly mostAtOnce: number;
  /** Simulated time from the first call to the last end. */
  readonly simulatedMs: number;
}

const defaultStart = Date.UTC(2026, 0, 1, 12);

/**
 * Any number of calls in simulated time, one instant after another: the same settings give the same run. What is
 * over is forgotten, so that a hundred thousand calls need no more memory than those that are under way at once.
 */
export async function simulateCalls(simulation: CallSimulation): Promise<CallSimulationReport> {
  const { arrivalMs = 100, startAt = defaultStart } = simulation;
  const clock = createManualClock(startAt);
  const tally = createTally();
  const settings = simulatorSettingsSchema.parse(simulation.settings);
  const state = { ...emptyState(settings), accounts: createAccounts(settings, startAt) };
  createTaskRouter(settings, startAt, state.taskRouter);
  state.faults = faultsSchema.parse(simulation.faults ?? settings.faults);
  const { world } = createWorld({
    state,
    clock,
    transport: simulation.transport(clock.now),
    timing: settings.timing,
    publicUrl: () => settings.publicUrl ?? 'https://api.twilio.com',
    log: () => {},
    personAt: undefined,
    behaviourOf: phonesOf(simulation),
    persist: async () => {},
    onCallOver: (call) => {
      const requests = state.voice.requests[call.sid] ?? [];
      tally.count(call, requests, clock.now() - startAt);
      simulation.onCallOver?.({ call, requests });
      // Its last callbacks are still to come.
      clock.schedule(clock.now() + forgetAfterMs, async () => forget(world, call));
    },
  });
  let begun = 0;
  const arrive = async (): Promise<void> => {
    begun += 1;
    call(world, simulation.callerOf(begun));
    tally.atOnce(world.liveCalls.size);
    if (begun < simulation.calls) clock.schedule(clock.now() + arrivalMs, arrive);
  };
  if (simulation.calls > 0) clock.schedule(startAt, arrive);
  for (const agent of simulation.agents ?? []) {
    keepWorking(world, agent, () => tally.callers() < simulation.calls);
  }
  await clock.runUntilIdle();
  return tally.report();
}

const forgetAfterMs = 60_000;

/** A phone's behaviours take turns. */
function phonesOf({ phones = {} }: CallSimulation): World['behaviourOf'] {
  const turns = new Map<string, number>();
  return (address) => {
    const behaviours = phones[address];
    if (!behaviours || behaviours.length === 0) return undefined;
    const turn = turns.get(address) ?? 0;
    turns.set(address, turn + 1);
    return phoneBehaviourSchema.parse(behaviours[turn % behaviours.length]);
  };
}

const pauseBetweenCallersMs = 10_000;

/** Somebody who calls the queue, talks, and calls again. */
function keepWorking(world: World, agent: Agent, isOpen: () => boolean): void {
  const account = findAccount(world, agent.accountSid);
  if (!account) throw new Error(`There is no account ${agent.accountSid}`);
  const twiml = `<Response><Dial timeout="60"><Queue>${agent.queue}</Queue></Dial></Response>`;
  const again = async (): Promise<void> => {
    if (!isOpen()) return;
    const plan = { source: { kind: 'inline', twiml }, timeoutMs: 30_000 } as const;
    acceptCall(world, account, { to: agent.address, from: agent.from, plan });
    world.clock.schedule(world.clock.now() + pauseBetweenCallersMs + agent.callMs, again);
  };
  world.clock.schedule(world.clock.now(), again);
}

function call(world: World, caller: Caller): void {
  if (callFromPhone(world, caller)) return;
  throw new Error(`No simulated account has the number ${caller.to}`);
}

function forget(world: World, record: CallRecord): void {
  const { voice } = world.state;
  delete voice.calls[record.sid];
  delete voice.requests[record.sid];
  for (const id of record.callbacks) delete voice.callbacks[id];
  for (const sid of record.recordings) delete voice.recordings[sid];
}

function createTally() {
  const ends: Partial<Record<EndCause, number>> = {};
  const deadEnds: string[] = [];
  let [calls, requests, failedRequests, mostAtOnce, simulatedMs] = [0, 0, 0, 0, 0];
  return {
    count(call: CallRecord, made: readonly VoiceRequestEntry[], elapsedMs: number): void {
      if (call.direction !== 'inbound' || call.end === undefined) return;
      calls += 1;
      ends[call.end] = (ends[call.end] ?? 0) + 1;
      if (call.end === 'application-error') deadEnds.push(call.sid);
      requests += made.length;
      failedRequests += made.filter(({ errorCode }) => errorCode !== undefined).length;
      simulatedMs = Math.max(simulatedMs, elapsedMs);
    },
    atOnce(live: number): void {
      mostAtOnce = Math.max(mostAtOnce, live);
    },
    /** How many callers have come and gone. */
    callers: () => calls,
    report: (): CallSimulationReport => ({
      calls,
      ends,
      deadEnds,
      requests,
      failedRequests,
      mostAtOnce,
      simulatedMs,
    }),
  };
}
