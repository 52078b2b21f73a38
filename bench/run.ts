import { type Figure, formatTable, isReached } from './figure.ts';
import { measureColdStart } from './ingress/cold-start.ts';
import { measureForgeries } from './ingress/forgeries.ts';
import { measureLatency } from './ingress/latency.ts';
import { measureGate } from './messaging/gate.ts';
import { measureCallColdStart } from './voice/cold-start.ts';
import { measureTurns } from './voice/turns.ts';

/** Every benchmark of the repository; each takes at most a minute and talks to the loopback interface only. */
const BENCHMARKS: readonly (() => Promise<readonly Figure[]>)[] = [
  measureColdStart,
  measureForgeries,
  measureLatency,
  measureGate,
  measureCallColdStart,
  measureTurns,
];

const figures: Figure[] = [];
for (const benchmark of BENCHMARKS) figures.push(...(await benchmark()));
console.log(formatTable(figures));
process.exitCode = figures.every(isReached) ? 0 : 1;
