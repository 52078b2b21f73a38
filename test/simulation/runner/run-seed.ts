import { World } from '../world/world.ts';
import type { SeedJob, SeedReport } from './report.ts';

export const runSeed = async (job: SeedJob): Promise<SeedReport> => {
  const startedAt = performance.now();
  const world = new World(job);
  await world.run();
  const intents = world.store.items('messaging').filter(({ pk }) => String(pk).startsWith('INTENT#'));
  const messages = [...world.twilio.ledger.messages.values()];
  return {
    seed: job.seed,
    hash: world.trace.hash,
    intents: intents.length,
    texts: world.twilio.ledger.inbound.size,
    accepted: messages.length,
    unresolved: intents.filter(({ state }) => state === 'UNKNOWN' || state === 'PARKED').length,
    posts: world.twilio.posts,
    deliveries: world.deliveries,
    callbacks: messages.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
    invocations: world.lambda.invocations,
    events: world.scheduler.events,
    milliseconds: performance.now() - startedAt,
    violations: world.violations,
    coverage: [...world.coverage.counts],
    lines: world.trace.lines,
  };
};
