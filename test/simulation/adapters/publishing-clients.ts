import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import type { World } from '../world/world.ts';

/** Under the real bus adapter: entries are refused one by one, or all are taken and the answer is lost. */
export const createSimulatedEventBridge = (world: World): Pick<EventBridgeClient, 'send'> => {
  const send = ({
    input,
  }: {
    readonly input: { readonly Entries: readonly { readonly Detail: string }[] };
  }) => {
    const events = input.Entries.map(({ Detail }) => JSON.parse(Detail) as TrunklineEvent);
    return callInBatch(world, {
      target: 'bus',
      name: 'put events',
      about: events.map(({ id }) => id).join(' '),
      values: events,
      take: (event) => world.bus.take(event),
      answer: (refused) => ({
        Entries: events.map((_, index) =>
          refused.has(index) ? { ErrorCode: 'Simulated' } : { EventId: String(index) },
        ),
      }),
    });
  };
  return { send } as unknown as Pick<EventBridgeClient, 'send'>;
};

interface SqsInput {
  readonly QueueUrl: string;
  readonly MessageBody?: string;
  readonly Entries?: readonly {
    readonly Id: string;
    readonly MessageBody: string;
    readonly DelaySeconds: number;
  }[];
}

/** Under the real queue adapters; a queue's URL is its pool's name. */
export const createSimulatedSqs = (world: World): Pick<SQSClient, 'send'> => {
  const send = ({ input }: { readonly input: SqsInput }) =>
    input.Entries === undefined
      ? setAside(world, input.MessageBody ?? '')
      : sendBatch(world, input.QueueUrl, input.Entries);
  return { send } as unknown as Pick<SQSClient, 'send'>;
};

const sendBatch = (world: World, pool: string, entries: NonNullable<SqsInput['Entries']>) =>
  callInBatch(world, {
    target: 'queue',
    name: 'send messages',
    about: entries
      .map(({ MessageBody }) => (JSON.parse(MessageBody) as { readonly intentId: string }).intentId)
      .join(' '),
    values: entries,
    take: ({ MessageBody, DelaySeconds }) => world.sendQueue(pool).send(MessageBody, DelaySeconds),
    answer: (refused) => ({
      Successful: entries.filter((_, index) => !refused.has(index)).map(({ Id }) => ({ Id })),
      Failed: entries.filter((_, index) => refused.has(index)).map(({ Id }) => ({ Id, Code: 'Simulated' })),
    }),
  });

const setAside = (world: World, body: string): Promise<object> => {
  const { key } = JSON.parse(body) as { readonly key: string };
  return world.ports.call({
    name: 'set aside',
    about: key,
    effect: () => {
      if (world.random('publish').chance(world.faults.queueEntryRefused)) {
        world.coverage.reach('fault: publish-failed queue refuses');
        return { kind: 'error', error: new Error('simulated: the queue did not take it') };
      }
      world.publishFailed.add(body);
      return { kind: 'value', value: {} };
    },
  });
};

interface Batch<Value> {
  readonly target: 'bus' | 'queue';
  readonly name: string;
  readonly about: string;
  readonly values: readonly Value[];
  readonly take: (value: Value) => void;
  readonly answer: (refused: ReadonlySet<number>) => object;
}

const callInBatch = <Value>(
  world: World,
  { target, name, about, values, take, answer }: Batch<Value>,
): Promise<object> =>
  world.ports.call({
    name,
    about,
    effect: () => {
      const { faults, coverage } = world;
      const random = world.random('publish');
      const isLost = random.chance(faults.busCallLost);
      if (isLost) coverage.reach(`fault: ${target} batch lost as a whole`);
      const takesNothing = isLost && random.chance(0.5);
      const share = target === 'bus' ? faults.busEntryRefused : faults.queueEntryRefused;
      const refused = new Set(values.flatMap((_, index) => (random.chance(share) ? [index] : [])));
      if (refused.size > 0) coverage.reach(`fault: ${target} refuses an entry of a batch`);
      if (!takesNothing) for (const [index, value] of values.entries()) if (!refused.has(index)) take(value);
      if (isLost)
        return {
          kind: 'error',
          error: Object.assign(new Error('simulated'), { name: 'TimeoutError' }),
          after: 2_000,
        };
      return { kind: 'value', value: answer(refused) };
    },
  });
