import type * as z from 'zod';
import { type Clock, createSystemClock } from './clock.ts';
import { type FaultsInput, faultsSchema } from './domain/faults.ts';
import {
  callScriptSchema,
  type PhoneBehaviourInput,
  phoneBehaviourSchema,
} from './domain/voice/phone-behaviour.ts';
import { createWorld } from './engine/create-world.ts';
import type { JobRunner } from './engine/job-runner.ts';
import { receiveFromPhone } from './engine/receive-from-phone.ts';
import { resumeTasks } from './engine/task-router/resume-tasks.ts';
import type { Person } from './engine/voice/person.ts';
import type { Signal } from './engine/voice/signals.ts';
import { callFromPhone, personAt, resumeCalls } from './engine/voice/start-call.ts';
import type { World } from './engine/world.ts';
import { type Ledger, ledgerOf } from './http/ledger.ts';
import { applyFaults, handsetOf } from './http/simulator-routes.ts';
import { startServer } from './http/simulator-server.ts';
import { type VoiceLedger, voiceLedgerOf } from './http/voice/voice-ledger.ts';
import { type SimulatorSettings, type SimulatorSettingsInput, simulatorSettingsSchema } from './options.ts';
import { createAccounts } from './state/create-accounts.ts';
import { createTaskRouter } from './state/create-task-router.ts';
import {
  type DebuggerEntry,
  emptyState,
  type HandsetMessage,
  type SimulatorState,
} from './state/simulator-state.ts';
import { createSnapshotFile, type SnapshotFile } from './state/snapshot-file.ts';
import { sendOverHttp } from './webhooks/http-transport.ts';
import type { WebhookTransport } from './webhooks/webhook-transport.ts';

/** Settings that a file can hold, and ports that only code can give. */
export interface SimulatorOptions extends SimulatorSettingsInput {
  /** @default real time */
  readonly clock?: Clock | undefined;
  /** @default node:http and node:https */
  readonly transport?: WebhookTransport | undefined;
  /** One line per error and warning. @default silence */
  readonly log?: ((line: string) => void) | undefined;
  /** Who is on a phone that is called or calls. @default what the number's behaviour says */
  readonly personAt?: ((address: string) => Person | undefined) | undefined;
}

interface PhoneInput {
  readonly from: string;
  readonly to: string;
  readonly body?: string | undefined;
  readonly media?: readonly { readonly contentType: string; readonly base64: string }[] | undefined;
}

export interface PhoneCallInput {
  readonly from: string;
  readonly to: string;
  readonly script?: z.input<typeof callScriptSchema> | undefined;
}

/** A running simulator. Everything here is also to be had over HTTP (docs/simulator.md). */
export interface Simulator {
  /** The origin, without a slash at the end. */
  readonly url: string;
  /** Replaces all faults; throws a ZodError for an unknown key or a rate outside 0 to 1. */
  setFaults(faults: FaultsInput): void;
  /** A handset sends a message; throws if nobody here has the number. Returns the MessageSid, null if inbound is disabled. */
  sendFromPhone(message: PhoneInput): string | null;
  /** What a handset shows, oldest first. */
  handset(address: string): readonly Omit<HandsetMessage, 'address'>[];
  /** The truth; of one message only where a SID is given. */
  ledger(messageSid?: string): Ledger;
  debugger(): readonly DebuggerEntry[];
  /** A phone calls one of the numbers here; throws if nobody has it. Returns the CallSid. */
  callFromPhone(call: PhoneCallInput): string;
  /** The person on the phone does something; throws if the call is over. */
  press(callSid: string, digits: string): void;
  speak(callSid: string, text: string): void;
  hangUp(callSid: string): void;
  /** Sets what a phone does when it is called. */
  setBehaviour(address: string, behaviour: PhoneBehaviourInput): void;
  /** The truth about calls; about one only where a SID is given. */
  voiceLedger(callSid?: string): VoiceLedger;
  /** Resolves when every planned status, callback and webhook is done (messages scheduled by SendAt excepted). */
  whenIdle(): Promise<void>;
  /** Stops listening and calling; writes the state file, if there is one. */
  stop(): Promise<void>;
}

/**
 * Starts a Twilio that keeps accounts, messages and handsets in memory, answers the REST API and calls webhooks.
 * Throws a ZodError for wrong settings, and what node:http throws where the port is taken.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { clock: givenClock, transport = sendOverHttp, log = () => {}, personAt, ...rest } = options;
  const settings = simulatorSettingsSchema.parse(rest);
  const clock = givenClock ?? createSystemClock((error) => log(`ERROR ${error}`));
  const file = settings.stateFile === undefined ? undefined : createSnapshotFile(settings.stateFile);
  const state = await restoreState(settings, file, clock.now());
  const persist = async () => file?.write(state);
  const stopping = new AbortController();
  let publicUrl = settings.publicUrl ?? '';
  const { world, runner } = createWorld({
    state,
    clock,
    transport: (request) => transport({ ...request, signal: stopping.signal }),
    timing: settings.timing,
    publicUrl: () => publicUrl,
    log,
    mostCreates: settings.maxConcurrentCreates,
    personAt,
    persist,
  });
  const server = await startServer(world, { ...settings, persist });
  publicUrl ||= server.url;
  runner.resume();
  resumeCalls(world);
  resumeTasks(world);
  return handleOf(world, { url: server.url, runner, stop });

  async function stop(): Promise<void> {
    stopping.abort();
    for (const { strand } of world.liveCalls.values()) strand.abandon();
    await server.close();
    await runner.stop();
    await persist();
  }
}

/** The last run's state, under the accounts that are configured now. */
async function restoreState(
  settings: SimulatorSettings,
  file: SnapshotFile | undefined,
  now: number,
): Promise<SimulatorState> {
  const earlier = await file?.read();
  const state = { ...emptyState(settings), ...earlier };
  state.accounts = createAccounts(settings, now, earlier?.accounts);
  createTaskRouter(settings, now, state.taskRouter);
  return state;
}

interface Running {
  readonly url: string;
  readonly runner: JobRunner;
  readonly stop: () => Promise<void>;
}

function handleOf(world: World, { url, runner, stop }: Running): Simulator {
  return {
    url,
    setFaults: (faults) => applyFaults(world, faultsSchema.parse(faults)),
    sendFromPhone({ from, to, body = '', media = [] }) {
      const outcome = receiveFromPhone(world, { from, to, body, media, extras: {} });
      if (outcome.kind === 'unknown-number') throw new Error(`No simulated account has the number ${to}`);
      return outcome.kind === 'received' ? outcome.message.sid : null;
    },
    handset: (address) => handsetOf(world, address),
    ledger: (messageSid) => ledgerOf(world, messageSid),
    debugger: () => structuredClone(world.state.debugger),
    ...phonesOf(world),
    voiceLedger: (callSid) => voiceLedgerOf(world, callSid),
    whenIdle: () => runner.whenIdle(),
    stop,
  };
}

type Phones = Pick<Simulator, 'callFromPhone' | 'press' | 'speak' | 'hangUp' | 'setBehaviour'>;

function phonesOf(world: World): Phones {
  const send = (callSid: string, signal: Signal) => {
    const live = world.liveCalls.get(callSid);
    if (!live) throw new Error(`No call is under way with the SID ${callSid}`);
    live.strand.send(signal);
  };
  return {
    callFromPhone({ from, to, script }) {
      const person = personAt(world, from, script && callScriptSchema.parse(script));
      const live = callFromPhone(world, { from, to, person });
      if (!live) throw new Error(`No simulated account has the number ${to}`);
      return live.record.sid;
    },
    press: (callSid, digits) => send(callSid, { kind: 'keys', digits }),
    speak: (callSid, text) => send(callSid, { kind: 'speech', text }),
    hangUp: (callSid) => send(callSid, { kind: 'hung-up' }),
    setBehaviour(address, behaviour) {
      world.state.voice.behaviours[address] = phoneBehaviourSchema.parse(behaviour);
    },
  };
}
