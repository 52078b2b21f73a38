import type { CostReport } from '../runner/report.ts';
import type { Operations } from './price-table.ts';

/** Functions behind the HTTP APIs: one request each. */
const BEHIND_GATEWAY = new Set(['receive-webhook', 'serve-messages']);

/** What the functions take, milliseconds at 256 MB on arm64; the simulation counts how often they run. */
const MEMORY_GIGABYTES = 0.25;
const MILLISECONDS: Readonly<Record<string, number>> = { 'send-transactional': 260 };
const USUAL_MILLISECONDS = 10;
const COLD_SECONDS = 0.01 * 0.2;
/** A line of the function and Lambda's own, per invocation; successes are not traced. */
const LOG_KILOBYTES = 0.126;

/** Sums of a report, as operations of one flow. */
export const operationsOf = ({ counts, count }: CostReport): Operations => {
  const sum = (matches: (name: string) => boolean): number =>
    counts.reduce((total, [name, times]) => total + (matches(name) ? times : 0), 0) / count;
  const invocations = counts.flatMap(([name, times]) => {
    const [kind, functionName = ''] = name.split(' ');
    return kind === 'invocations' ? [[functionName, times / count] as const] : [];
  });
  const all = invocations.reduce((total, [, times]) => total + times, 0);
  return {
    gatewayRequests: sum((name) => [...BEHIND_GATEWAY].some((one) => name === `invocations ${one}`)),
    invocations: all,
    gigabyteSeconds: invocations.reduce(
      (total, [name, times]) =>
        total +
        times * ((MILLISECONDS[name] ?? USUAL_MILLISECONDS) / 1_000 + COLD_SECONDS) * MEMORY_GIGABYTES,
      0,
    ),
    writeUnits: sum((name) => name.startsWith('write units')),
    readUnits: sum((name) => name.startsWith('read units')),
    events: sum((name) => name === 'events'),
    queueRequests: sum((name) => name === 'queue messages' || name === 'queue requests'),
    logKilobytes: all * LOG_KILOBYTES,
    traces: 0,
  };
};

/** Requests to AWS that the functions make, not those of event source mappings. */
export const callsOf = ({ counts, count }: CostReport): number =>
  counts.reduce((sum, [name, times]) => sum + (/^calls (?!.* (POST|GET|sleep))/.test(name) ? times : 0), 0) /
  count;

/** The difference of two flows, shared among `parts`. */
export const difference = (more: Operations, less: Operations, parts: number): Operations =>
  Object.fromEntries(
    Object.entries(more).map(([name, value]) => [
      name,
      (value - (less[name as keyof Operations] ?? 0)) / parts,
    ]),
  ) as unknown as Operations;
