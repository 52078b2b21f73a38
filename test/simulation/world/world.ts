import { SETTLEMENT_QUEUE } from '../../../functions/shared/contract/outbox.ts';
import { TABLES } from '../../../functions/shared/contract/tables.ts';
import { ChangeStream } from '../../fakes/in-memory-table/change-stream.ts';
import { InMemoryStore } from '../../fakes/in-memory-table/in-memory-store.ts';
import { PAGE_BYTES } from '../../fakes/in-memory-table/page.ts';
import { createRandomSource, type RandomSource } from '../engine/random.ts';
import { Scheduler } from '../engine/scheduler.ts';
import { Trace } from '../engine/trace.ts';
import { Judge } from '../judge/judge.ts';
import type { Violation, ViolationKind } from '../judge/violation.ts';
import type { FateName } from '../twilio/fates.ts';
import { SimulatedTwilio } from '../twilio/simulated-twilio.ts';
import { type ApiIntent, startApiClients } from '../workload/api-clients.ts';
import { redrivePublishFailed, startOperators } from '../workload/operators.ts';
import { startForgers, startPhones, startRevokers } from '../workload/phones.ts';
import { startRestore } from '../workload/restore.ts';
import { activate } from './active-world.ts';
import { Bus } from './bus.ts';
import { Coverage } from './coverage.ts';
import { type Crashes, createRandomCrashes } from './crashes.ts';
import { CALM, type FaultProfile, PROFILES, type ProfileName, profileOf } from './fault-profile.ts';
import { CONSUMER_FUNCTIONS, FUNCTIONS, senderOf } from './function-catalogue.ts';
import type { Invocation, Sandbox } from './invocation.ts';
import { Lambda } from './lambda.ts';
import type { Meter } from './meter.ts';
import { MinuteTick } from './minute-tick.ts';
import { PortCalls } from './port-calls.ts';
import { PublishFailed } from './publish-failed.ts';
import { Queue } from './queue.ts';
import { createSandboxPorts, type SandboxPorts } from './sandbox-ports.ts';
import { BEGINNING, POOLS } from './settings.ts';
import { Streams } from './stream.ts';

export interface WorldOptions {
  readonly seed: number;
  /** Messages asked for over the API; a third as many texts come in. */
  readonly intents: number;
  readonly texts?: number;
  /** @default by the seed */
  readonly profile?: ProfileName;
  readonly keepsLines?: boolean;
  /** Changes to the profile. */
  readonly faults?: Partial<FaultProfile>;
  /** @default in every second pair of seeds */
  readonly hasAdapters?: boolean;
  /** What happens instead of clients and phones by chance. */
  readonly workload?: (world: World) => void;
  readonly crashes?: (world: World) => Crashes;
  readonly fateOf?: (post: number) => FateName | undefined;
  /** The messaging table is restored to a point in time, and the runbook is followed. */
  readonly restores?: boolean;
  /** Counts what would be billed. */
  readonly meter?: Meter;
  /** Hours with faults; then two without, in which dead-letter queues are redriven. */
  readonly hours?: number;
}

const HOUR = 3_600_000;
const CALM_HOURS = 2;

/** Every five minutes while texts come in and may come late; later polls find nothing, an hour apart is enough of them. */
function* pollTimes(): Generator<number> {
  for (let minutes = 5; minutes <= 60; minutes += 5) yield BEGINNING + (minutes * HOUR) / 60;
  for (let hours = 2; hours <= LAST_POLL_HOURS; hours += 1) yield BEGINNING + hours * HOUR;
}

const LAST_POLL_HOURS = 35;

/** One deployment, its Twilio and its users, from one seed. */
export class World {
  readonly random: RandomSource;
  readonly scheduler = new Scheduler(BEGINNING);
  readonly trace: Trace;
  readonly coverage = new Coverage();
  readonly violations: Violation[] = [];
  readonly intents: ApiIntent[] = [];
  /** When the messaging table was restored, if it was. */
  restoredAt: number | undefined;
  /** What publish-events could not publish. */
  readonly publishFailed = new PublishFailed(this);
  readonly profile: FaultProfile;
  /** Whether the real AWS adapters stand between the use cases and the store. */
  readonly hasAdapters: boolean;
  readonly ports = new PortCalls(this);
  readonly lambda = new Lambda(this);
  readonly twilio: SimulatedTwilio;
  readonly judge = new Judge(this);
  readonly meter: Meter | undefined;
  readonly store: InMemoryStore;
  readonly streams = new Streams(this, FUNCTIONS.publishEvents);
  readonly queues: ReadonlyMap<string, Queue>;
  readonly bus: Bus;
  readonly crashes: Crashes;
  readonly tick: MinuteTick;
  readonly #options: WorldOptions;
  readonly #sendQueues: Map<string, Queue>;
  #isCalm = false;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.meter = options.meter;
    this.random = createRandomSource(options.seed);
    this.trace = new Trace(options.keepsLines ?? false);
    this.profile = { ...PROFILES[options.profile ?? profileOf(options.seed)], ...options.faults };
    this.hasAdapters = options.hasAdapters ?? options.seed % 4 < 2;
    this.twilio = new SimulatedTwilio(this);
    this.store = this.#createStore();
    this.tick = new MinuteTick(this, FUNCTIONS.dispatchDue);
    this.crashes =
      options.crashes?.(this) ?? createRandomCrashes(this.random, () => this.faults, this.coverage);
    this.#sendQueues = new Map(
      POOLS.map(({ name, concurrency }) => [
        name,
        new Queue({ name: `send-${name}`, worker: senderOf(name), batchSize: 1, concurrency }, this),
      ]),
    );
    const settlement = {
      name: SETTLEMENT_QUEUE,
      worker: FUNCTIONS.settleIntent,
      batchSize: 5,
      concurrency: 2,
    };
    this.#sendQueues.set(SETTLEMENT_QUEUE, new Queue(settlement, this));
    const consumers = Object.entries(CONSUMER_FUNCTIONS).map(
      ([name, worker]) => [name, new Queue({ name, worker, batchSize: 10, concurrency: 5 }, this)] as const,
    );
    this.bus = new Bus(this, new Map(consumers));
    this.queues = new Map([...consumers, ...this.#sendQueues]);
    this.twilio.fateOf = options.fateOf;
  }

  get now(): number {
    return this.scheduler.now;
  }

  /** The present mix of faults; none in the last hours. */
  get faults(): FaultProfile {
    return this.#isCalm ? CALM : this.profile;
  }

  get deliveries(): number {
    return [...this.queues.values()].reduce((sum, queue) => sum + queue.deliveries, 0);
  }

  note(line: string): void {
    this.trace.add(this.now, line);
  }

  violate(kind: ViolationKind, what: string, about: string): void {
    this.violations.push({ kind, what, about });
    this.note(`VIOLATION ${kind}: ${what} ${about}`);
  }

  portsOf(sandbox: Sandbox): SandboxPorts {
    return createSandboxPorts(this, sandbox);
  }

  sendQueue(pool: string): Queue {
    const queue = this.#sendQueues.get(pool);
    if (queue === undefined) throw new Error(`no pool ${pool}`);
    return queue;
  }

  judgeThrown(invocation: Invocation, reason: string): void {
    const isExpected = /TickIncompleteError|StoreUnavailableError/.test(reason);
    if (!isExpected)
      this.violate(
        'handler-threw',
        `${invocation.functionName} threw ${reason.slice(0, 300)}`,
        invocation.id,
      );
  }

  async run(): Promise<void> {
    activate(this);
    const { intents, texts = Math.ceil(intents / 3), hours = 34, workload } = this.#options;
    if (workload === undefined) await this.#startEverybody(intents, texts);
    else workload(this);
    this.tick.start(BEGINNING + (hours + CALM_HOURS) * HOUR);
    await this.scheduler.runUntil(BEGINNING + hours * HOUR);
    this.#isCalm = true;
    for (const queue of this.queues.values()) queue.redrive();
    this.bus.redrive();
    redrivePublishFailed(this);
    await this.scheduler.runUntil(BEGINNING + (hours + CALM_HOURS) * HOUR);
    while (!this.scheduler.isIdle) await this.scheduler.runUntil(this.scheduler.nextAt);
    this.judge.conclude();
    activate(undefined);
  }

  async #startEverybody(intents: number, texts: number): Promise<void> {
    // An account is answered from its first poll on: it was before anybody wrote.
    this.#isCalm = true;
    this.#poll();
    await this.scheduler.runUntil(BEGINNING + 10_000);
    this.#isCalm = false;
    startApiClients(this, intents);
    startPhones(this, texts);
    startRevokers(this, Math.ceil(texts / 4));
    startForgers(this, Math.ceil(texts / 10));
    startOperators(this);
    if (this.#options.restores === true) startRestore(this);
    this.scheduler.after(HOUR / 12, () => this.twilio.acceptForeign());
    this.twilio.rotate(BEGINNING + HOUR / 10);
    for (const at of pollTimes()) this.scheduler.at(at, () => this.#poll());
  }

  #poll(): void {
    this.lambda.invoke(FUNCTIONS.pollInboundMessages, {}, () => undefined);
  }

  #createStore(): InMemoryStore {
    const stream = new ChangeStream();
    stream.listen((record) => {
      this.judge.changed(record);
      this.tick.changed(record);
      this.streams.add(record);
    });
    const lag = this.random('index');
    const { meter } = this;
    return new InMemoryStore({
      tables: TABLES,
      indexLag: {
        now: () => this.now,
        milliseconds: () => lag.fraction() ** 3 * this.faults.indexLagMilliseconds,
      },
      pageBytes: PAGE_BYTES,
      stream,
      ...(meter === undefined
        ? {}
        : {
            count: ({ table, readUnits, writeUnits }) => {
              meter.add(`read units ${table}`, readUnits);
              meter.add(`write units ${table}`, writeUnits);
            },
          }),
    });
  }
}
