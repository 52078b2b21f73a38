import { publishFailures } from '../../functions/ingress/publish-failure.ts';
import { createDeadLetters, sendLetters } from '../../functions/shared/aws/dead-letters.ts';
import { CONSUMERS } from '../../functions/shared/contract/consumers.ts';
import { SETTLEMENT_QUEUE } from '../../functions/shared/contract/outbox.ts';
import type { DeadLetter } from '../../functions/shared/ports/dead-letters.ts';
import type { PublishResult } from '../../functions/shared/ports/event-bus.ts';
import { systemClock, systemRandomness, systemSleep } from '../../functions/shared/runtime/system.ts';
import { type RedriveProgress, redriveQueue } from '../../functions/support/redrive-queue.ts';
import {
  type DeployedClients,
  type DeploymentOptions,
  reachDeployment,
} from '../platform/deployed-clients.ts';
import { CommandError } from './command-error.ts';

export interface RedriveOptions extends DeploymentOptions {
  readonly perSecond: number;
  readonly most?: number;
  readonly dryRun: boolean;
}

const PUBLISH_FAILED = 'publish-failed';
const FASTEST = 1_000;

/**
 * Takes the messages of a dead-letter queue back to where they failed, at a bounded rate. Interrupted by a signal it ends
 * between two batches; the same command goes on where it stopped.
 */
export async function redrive(name: string, options: RedriveOptions): Promise<void> {
  const { perSecond, most, dryRun } = options;
  if (!(perSecond > 0 && perSecond <= FASTEST))
    throw new CommandError(`--per-second is a number from above 0 to ${FASTEST}`);
  if (most !== undefined && !(Number.isInteger(most) && most > 0))
    throw new CommandError('--most is a whole number above 0');
  const deployed = reachDeployment(options);
  const ways = deadLetterQueues(deployed);
  const way = ways.get(name);
  if (way === undefined)
    throw new CommandError(`${name} cannot be redriven; these can: ${[...ways.keys()].join(', ')}`);
  const { queue, deliverer } = way;
  const letters = createDeadLetters(deployed.sqs, await deployed.queueUrl(queue));
  const waiting = await letters.count();
  console.log(`about ${waiting} messages wait in ${queue}`);
  if (dryRun) return;
  const deliver = await deliverer();
  let isStopped = false;
  const stop = () => {
    isStopped = true;
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const command = { perSecond, isStopped: () => isStopped, ...(most === undefined ? {} : { most }) };
  const report = ({ delivered, kept }: RedriveProgress): void =>
    void process.stderr.write(`\r  ${delivered} of about ${waiting} delivered, ${sum(kept)} kept`);
  conclude(
    await redriveQueue(command, { letters, deliver, clock: systemClock, sleep: systemSleep, report }),
    isStopped,
  );
}

type Deliver = (letters: readonly DeadLetter[]) => Promise<PublishResult>;

interface Way {
  /** The dead-letter queue, without the deployment's prefix. */
  readonly queue: string;
  readonly deliverer: () => Promise<Deliver>;
}

/** What can be redriven, by the name under which operators know it. */
const deadLetterQueues = (deployed: DeployedClients): ReadonlyMap<string, Way> => {
  const { pools } = deployed.configuration;
  const queues = [...Object.keys(CONSUMERS), SETTLEMENT_QUEUE, ...pools.map(({ name }) => `send-${name}`)];
  const toQueue = (name: string): Way => ({
    queue: `${name}-dlq`,
    deliverer: async () => {
      const url = await deployed.queueUrl(name);
      return (letters) => sendLetters(deployed.sqs, url, letters);
    },
  });
  return new Map([
    ...queues.map((name) => [name, toQueue(name)] as const),
    [PUBLISH_FAILED, { queue: PUBLISH_FAILED, deliverer: () => publisherOf(deployed) }] as const,
  ]);
};

/** What publish-events set aside goes to the bus and to the send queues. */
const publisherOf = async ({ eventBus, sendQueues }: DeployedClients): Promise<Deliver> => {
  const ports = {
    eventBus,
    sendQueues: await sendQueues(),
    randomness: systemRandomness,
    sleep: systemSleep,
  };
  return (letters) =>
    publishFailures(
      letters.map(({ body }) => body),
      ports,
    );
};

const sum = (kept: RedriveProgress['kept']): number =>
  [...kept.values()].reduce((all, count) => all + count, 0);

const conclude = ({ delivered, kept }: RedriveProgress, isStopped: boolean): void => {
  process.stderr.write('\n');
  console.log(
    `${delivered} delivered, ${sum(kept)} kept${isStopped ? '; stopped, run it again to go on' : ''}`,
  );
  for (const [reason, count] of kept) console.log(`  ${count} kept: ${reason}`);
  if (kept.size > 0)
    throw new CommandError('some messages stay in the queue; look at them (docs/runbooks/dead-letters.md)');
};
