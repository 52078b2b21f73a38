import { raceStop } from '../test/fakes/consent/stop-race.ts';

/** STOP against arming, over the real use cases: `node bench/stop-race.ts [races]`; a race can be told again by its seed. */
const races = Number(process.argv[2] ?? 200_000);
const ends = new Map<string, number>();
const broken: number[] = [];
let conflicts = 0;
let steps = 0;
for (let seed = 1; seed <= races; seed += 1) {
  const outcome = await raceStop(seed);
  ends.set(outcome.end, (ends.get(outcome.end) ?? 0) + 1);
  conflicts += outcome.conflicts;
  steps += outcome.steps;
  if (outcome.armedAfterOptOut) broken.push(seed);
}
const told = [...ends].map(([end, count]) => `${end} ${count}`).join(', ');
console.log(`${races} interleavings, ${steps} steps, ${conflicts} faults injected: ${told}`);
console.log(
  `armed after the opt-out: ${broken.length}${broken.length > 0 ? ` (seeds ${broken.slice(0, 20).join(', ')})` : ''}`,
);
if (broken.length > 0) process.exitCode = 1;
