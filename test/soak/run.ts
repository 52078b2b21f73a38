import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPlatform } from '../../bin/platform/start-platform.ts';
import { reachApplication } from './application.ts';
import { killWorkersAtRandom } from './kill-workers.ts';
import { reconcile, renderReconciliation } from './reconcile.ts';
import { sendAll } from './send-all.ts';
import { waitUntilSettled } from './wait-until-settled.ts';

/**
 * `npm run soak`: the platform with real engines and real HTTP under callbacks repeated, reordered and lost, and workers
 * killed at random. At the end Twilio's ledger and our intents must agree exactly.
 */
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    // By messages, not by time: as many on a slow machine as on a fast one.
    'kill-every': { type: 'string', default: '30' },
    'stall-minutes': { type: 'string', default: '45' },
  },
});
const messages = Number(values.messages);
const stateDirectory = mkdtempSync(join(tmpdir(), 'trunkline-soak-'));
const startedAt = Date.now();
const say = (text: string): void =>
  console.log(`${String(Math.round((Date.now() - startedAt) / 1000)).padStart(5)} s  ${text}`);

const platform = await startPlatform({
  stateDirectory,
  fresh: true,
  keepSimulator: false,
  // A missed status of an OTP is asked for after a minute; the backlog of a soak must not outlive a deadline.
  overrides: { 'pools[0].deadlineSeconds': '604800', 'pools[0].validitySeconds': '36000' },
  onNotice: () => undefined,
});
if (platform.simulator === undefined) throw new Error('the soak needs the simulated Twilio');
platform.simulator.setFaults({
  seed: Number(values.seed),
  callbackDuplicate: 0.3,
  callbackReorder: 0.2,
  callbackLost: 0.05,
});
try {
  say(`sending ${messages} messages; 30 % of callbacks repeated, 20 % reordered, 5 % lost`);
  const application = reachApplication(stateDirectory);
  const killer = killWorkersAtRandom(platform.cloud, Number(values.seed));
  const killEvery = Number(values['kill-every']);
  const requested = await sendAll(application, messages, {
    say,
    requested: (index) => {
      if (index % killEvery === 0) killer.kill();
    },
  });
  const killed = await killer.end();
  say(`${requested.ids.length} intents; ${killed} workers killed; waiting until everything is settled`);
  const views = await waitUntilSettled(application, requested.ids, {
    stallMinutes: Number(values['stall-minutes']),
    say,
  });
  const result = reconcile(views, platform.simulator.ledger());
  console.log(renderReconciliation({ ...result, killed, retriedRequests: requested.retries }));
  process.exitCode = result.isExact ? 0 : 1;
} finally {
  await platform.stop();
  rmSync(stateDirectory, { recursive: true, force: true });
}
