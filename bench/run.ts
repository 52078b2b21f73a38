import { type Figure, formatTable, isReached } from './figure.ts';
import { measureColdStart } from './ingress/cold-start.ts';
import { measureForgeries } from './ingress/forgeries.ts';
import { measureLatency } from './ingress/latency.ts';

/** Every benchmark of the repository; each takes at most a minute and talks to the loopback interface only. */
const BENCHMARKS: readonly (() => Promise<readonly Figure[]>)[] = [
  measureColdStart,
  measureForgeries,
  measureLatency,
];

const figures: Figure[] = [];
for (const benchmark of BENCHMARKS) figures.push(...(await benchmark()));
console.log(formatTable(figures));
process.exitCode = figures.every(isReached) ? 0 : 1;
