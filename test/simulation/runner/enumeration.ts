import type { FateName } from '../twilio/fates.ts';
import { createPlannedCrashes } from '../world/crashes.ts';
import { FUNCTIONS } from '../world/function-catalogue.ts';
import { World, type WorldOptions } from '../world/world.ts';
import type { EnumerationJob, EnumerationReport } from './report.ts';

/** Reads that only look, and the story that is only told: dying there is dying nowhere. */
const IRRELEVANT = new Set(['record-timeline', 'operator-replay']);

/** One message, no chance but the seed of its latencies; the first POST has the fate, a later one would be accepted. */
const optionsOf = (
  job: EnumerationJob,
  points: ReadonlySet<number>,
  reached: (names: readonly string[]) => void,
): WorldOptions => ({
  seed: job.seed,
  intents: 1,
  profile: 'calm',
  hasAdapters: false,
  hours: job.trafficClass === 'marketing' ? 26 : 2,
  faults: job.callbacksArrive ? {} : { callbackDropped: 1 },
  workload: (world) => askForOne(world, job.trafficClass),
  fateOf: (post) => (post === 1 ? (job.fate as FateName) : undefined),
  crashes: () => {
    const planned = createPlannedCrashes(
      points,
      ({ invocation, name }) => !IRRELEVANT.has(invocation.functionName) && !name.startsWith('query'),
    );
    reached(planned.reached());
    return planned;
  },
});

const askForOne = (world: World, trafficClass: string): void => {
  const intent = { key: 'only', client: 'shop', to: '+15550100001', body: 'The only one.', trafficClass };
  world.intents.push(intent);
  const body = JSON.stringify({ to: intent.to, body: intent.body, trafficClass });
  const event = {
    version: '2.0',
    routeKey: 'POST /v1/messages',
    rawPath: '/v1/messages',
    rawQueryString: '',
    headers: { 'content-type': 'application/json', 'idempotency-key': intent.key },
    requestContext: {
      requestId: 'simulated',
      authorizer: { jwt: { claims: { client_id: intent.client, scope: 'messages:send' } } },
    },
    body,
    isBase64Encoded: false,
  };
  // Asked until it is answered: whatever dies on the way.
  const ask = (): void =>
    world.lambda.invoke(FUNCTIONS.serveMessages, event, (result) => {
      const status =
        result.kind === 'returned' ? (result.value as { readonly statusCode: number }).statusCode : 502;
      if (status >= 500) world.scheduler.after(500, ask);
    });
  ask();
};

/** Every kill point of one fate, alone or in pairs. */
export const enumerate = async (job: EnumerationJob): Promise<EnumerationReport> => {
  const names = await namesOfPoints(job);
  const counts = { runs: 0, duplicates: 0, lost: 0, wrong: 0, other: 0, parked: 0, sent: 0 };
  const failures: string[] = [];
  for (const points of pointsOf(names.length, job.pairs)) {
    const world = new World(optionsOf(job, new Set(points), () => undefined));
    await world.run();
    counts.runs += 1;
    counts.sent += world.twilio.ledger.messages.size;
    counts.parked += world.store.items('messaging').filter(({ state }) => state === 'PARKED').length;
    for (const { kind, what } of world.violations) {
      if (kind === 'duplicate') counts.duplicates += 1;
      else if (kind === 'lost') counts.lost += 1;
      else if (kind === 'wrong-outcome' || kind === 'wrong-status') counts.wrong += 1;
      else counts.other += 1;
      failures.push(
        `${job.fate}, killed ${points.map((point) => names[point - 1] ?? point).join(' and ')}: ${kind}: ${what}`,
      );
    }
  }
  return { ...job, points: names.length, counts, failures: failures.slice(0, 20) };
};

const namesOfPoints = async (job: EnumerationJob): Promise<readonly string[]> => {
  let names: readonly string[] = [];
  const world = new World(
    optionsOf(job, new Set(), (reached) => {
      names = reached;
    }),
  );
  await world.run();
  return names;
};

/** A pair's second point counts on in the run that the first one has changed, so it may lie behind the last of the undisturbed. */
const pointsOf = (last: number, pairs: boolean): readonly (readonly number[])[] => {
  const singles = Array.from({ length: last }, (_, index) => [index + 1]);
  if (!pairs) return singles;
  return singles.flatMap(([first = 0]) =>
    Array.from({ length: last - first + 4 }, (_, index) => [first, first + index + 1]),
  );
};
