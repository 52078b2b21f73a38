import { replayEvents } from '../../../functions/ingress/replay-events.ts';
import { freezeRestored } from '../../../functions/messaging/restore/freeze-restored.ts';
import { type MarkSentOutcome, markSentSince } from '../../../functions/messaging/restore/mark-sent-since.ts';
import { createInMemoryTableClient } from '../../fakes/in-memory-table-client.ts';
import { FUNCTIONS } from '../world/function-catalogue.ts';
import { ACCOUNT } from '../world/settings.ts';
import type { World } from '../world/world.ts';
import { askAgain, request } from './api-clients.ts';
import { runCommand } from './run-command.ts';

const MINUTE = 60_000;
/** What was written shortly before the point may have had its effects after it. */
const MARGIN_MILLISECONDS = 15 * MINUTE;

/**
 * The messaging table is restored to how it was some minutes ago, while everything goes on: docs/runbooks/restore.md, step by step.
 */
export const startRestore = (world: World): void => {
  const random = world.random('restore');
  const pointAt = world.now + random.between(1, 8) * MINUTE;
  world.scheduler.at(pointAt, () => {
    const table = world.store.items('messaging');
    world.scheduler.after(random.between(1, 6) * MINUTE, () => {
      // Whoever notices stops sending first; what was under way ends within the time of a function.
      setSending(world, 'frozen', () => {
        world.scheduler.after(MINUTE, () => void restore(world, { table, pointAt }));
      });
    });
  });
};

interface Point {
  readonly table: ReturnType<World['store']['items']>;
  readonly pointAt: number;
}

const restore = async (world: World, { table, pointAt }: Point): Promise<void> => {
  const restored = createInMemoryTableClient();
  for (const item of table) await restored.put({ table: 'messaging', item });
  await freezeRestored({ by: 'operator', reason: 'restored' }, { tables: restored, clock: () => world.now });
  world.note(`messaging restored to ${new Date(pointAt).toISOString()}`);
  world.coverage.reach('reached: table restored to a point in time');
  world.restoredAt = world.now;
  world.lambda.redeploy();
  const items = restored.items('messaging');
  world.store.restore('messaging', items);
  world.judge.restored(items);
  world.tick.restored(items);
  askAgain(world);
  runCommand(
    world,
    'operator-replay',
    async (ports) => {
      const [from, to] = [pointAt - MARGIN_MILLISECONDS, world.now].map((at) => new Date(at).toISOString());
      const command = { tables: ['inbox', 'messaging'] as const, segments: 1, from: from!, to: to! };
      const { failed } = await replayEvents(command, { ...ports, report: () => undefined });
      return failed === 0;
    },
    () => world.scheduler.after(5 * MINUTE, () => mark(world, pointAt)),
  );
};

const mark = (world: World, pointAt: number): void =>
  runCommand(
    world,
    'operator-mark',
    async (ports) => {
      const outcome = await markSentSince(
        { since: pointAt, owner: ports.random.token(), accountSids: [ACCOUNT], pageSize: 50, segments: 2 },
        ports,
      );
      world.note(`restore: ${JSON.stringify(outcome)}`);
      world.coverage.reach(`reached: restore ${describe(outcome)}`);
      if (outcome.kind === 'not-frozen') world.violate('lost', 'the freeze ended by itself', 'restore');
      return outcome.kind === 'marked' && outcome.moved === 0;
    },
    () =>
      setSending(world, 'running', () => world.coverage.reach('reached: sending goes on after a restore')),
  );

const describe = (outcome: MarkSentOutcome): string =>
  outcome.kind === 'marked' ? `marked ${outcome.marked > 0 ? 'some' : 'none'}` : outcome.kind;

const setSending = (world: World, state: 'frozen' | 'running', done: () => void): void =>
  request(
    world,
    {
      worker: FUNCTIONS.serveOperations,
      routeKey: 'PUT /v1/pauses',
      client: 'operator',
      key: `restore-${state}`,
      body: JSON.stringify({ scope: 'all', state, reason: 'restored', confirm: true }),
    },
    (status) => {
      if (status !== 200) world.violate('api-answer', `a freeze was answered with ${status}`, state);
      done();
    },
  );
