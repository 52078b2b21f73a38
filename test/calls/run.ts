import { parseArgs } from 'node:util';
import { callFlows } from './call-flows.ts';

/**
 * `npm run calls`: a hundred thousand random callers of the support line in simulated time, five percent of the requests
 * for TwiML failing. Each has to end in a way that the flow knows; none in Twilio's error voice.
 */
const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    // Tables in memory grow with the calls that are in them.
    batch: { type: 'string', default: '1000' },
  },
});
const calls = Number(values.calls);
const batch = Number(values.batch);
const startedAt = Date.now();
const ends: Record<string, number> = {};
const deadEnds: string[] = [];
let [done, requests, failedRequests, mostAtOnce, simulatedMs] = [0, 0, 0, 0, 0];

while (done < calls) {
  const report = await callFlows({
    calls: Math.min(batch, calls - done),
    seed: `${values.seed}/${done / batch}`,
    faults: {
      voiceRequestFails5xx: 0.025,
      voiceRequestLost: 0.015,
      voiceAnswerLost: 0.01,
      voiceFallbackSpared: true,
    },
  });
  done += report.calls;
  requests += report.requests;
  failedRequests += report.failedRequests;
  mostAtOnce = Math.max(mostAtOnce, report.mostAtOnce);
  simulatedMs += report.simulatedMs;
  deadEnds.push(...report.deadEnds);
  for (const [end, count] of Object.entries(report.ends)) ends[end] = (ends[end] ?? 0) + count;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  console.log(`${String(seconds).padStart(6)} s  ${done} calls, ${deadEnds.length} dead ends`);
}

const share = (count: number, of: number): string => `${((100 * count) / of).toFixed(3)} %`;
console.log(
  `\n${done} calls in ${(simulatedMs / 3_600_000).toFixed(1)} simulated hours, up to ${mostAtOnce} at once`,
);
console.log(`${requests} requests for TwiML, ${share(failedRequests, requests)} failed after their retries`);
for (const [end, count] of Object.entries(ends)) console.log(`  ${end.padEnd(20)} ${count}`);
console.log(`dead ends: ${deadEnds.length}`);
for (const sid of deadEnds.slice(0, 10)) console.log(`  ${sid}`);
process.exitCode = deadEnds.length > 0 ? 1 : 0;
