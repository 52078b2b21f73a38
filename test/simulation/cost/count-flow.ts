import type { CostJob, CostReport } from '../runner/report.ts';
import { request } from '../workload/api-clients.ts';
import { Meter } from '../world/meter.ts';
import { BEGINNING } from '../world/settings.ts';
import { World } from '../world/world.ts';

/** Ten a second: steady traffic, in which batches are small. */
const APART_MILLISECONDS = 100;
/** Long enough for three callbacks, too short for what is asked later about those that never came. */
const HORIZON_MILLISECONDS = 240_000;

/** Runs one flow many times in a world where nothing goes wrong, and counts what AWS would bill. */
export const countFlow = async (job: CostJob): Promise<CostReport> => {
  const meter = new Meter();
  let counts: CostReport['counts'] = [];
  let callbacks = 0;
  const world = new World({
    seed: 1,
    intents: job.count,
    profile: 'calm',
    hasAdapters: false,
    hours: 1,
    meter,
    faults: job.flow === 'send' ? { callbackDropped: 1 } : {},
    workload: (started) => {
      for (let number = 0; number < job.count; number += 1)
        started.scheduler.at(BEGINNING + number * APART_MILLISECONDS, () => begin(started, job, number));
      started.scheduler.at(BEGINNING + HORIZON_MILLISECONDS, () => {
        counts = [...meter.counts];
        for (const { acknowledged } of started.twilio.ledger.messages.values())
          callbacks += acknowledged.length;
      });
    },
  });
  await world.run();
  return { ...job, callbacks, counts };
};

const begin = (world: World, { flow }: CostJob, number: number): void => {
  if (flow === 'inbound') {
    world.twilio.receiveText('+15550102000', 'hello');
    return;
  }
  const body = JSON.stringify({
    to: `+1555010${String(1_000 + (number % 9_000)).padStart(4, '0')}`,
    body: 'Your order is ready.',
    trafficClass: 'transactional',
  });
  const call = { routeKey: 'POST /v1/messages', client: 'shop', key: `cost-${number}`, body };
  request(world, call, (status) => {
    if (status !== 202) throw new Error(`a message was answered with ${status}`);
  });
};
