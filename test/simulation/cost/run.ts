import { parseArgs } from 'node:util';
import { bundleSimulation } from '../runner/bundle.ts';
import type { CostReport } from '../runner/report.ts';
import { runCosts } from '../runner/worker-pool.ts';
import { type FlowName, NAIVE } from './naive-design.ts';
import { callsOf, difference, operationsOf } from './our-operations.ts';
import { NAIVE_PRICES, type Operations, OUR_PRICES, priceOf, sumOf } from './price-table.ts';

/** `npm run cost`: what each flow costs on the running handlers, against the naive design; goal: at most a third. */
const { values: options } = parseArgs({
  options: { count: { type: 'string', default: '300' }, raw: { type: 'boolean', default: false } },
});
const GOAL = 1 / 3;

const reports = new Map<string, CostReport>();
const jobs = (['inbound', 'send', 'send-with-callbacks'] as const).map((flow) => ({
  flow,
  count: Number(options.count),
}));
await runCosts(await bundleSimulation(), jobs, {
  threads: 1,
  take: (report) => reports.set(report.flow, report),
});
const reportOf = (flow: string): CostReport => {
  const report = reports.get(flow);
  if (report === undefined) throw new Error(`no report of ${flow}`);
  return report;
};

const [inbound, send, whole] = [reportOf('inbound'), reportOf('send'), reportOf('send-with-callbacks')];
const callbacks = whole.callbacks / whole.count;
const ours: Readonly<Record<FlowName, { readonly operations: Operations; readonly calls: number }>> = {
  'inbound text': { operations: operationsOf(inbound), calls: callsOf(inbound) },
  send: { operations: operationsOf(send), calls: callsOf(send) },
  'status callback': {
    operations: difference(operationsOf(whole), operationsOf(send), callbacks),
    calls: (callsOf(whole) - callsOf(send)) / callbacks,
  },
};

const amount = (value: number): string => value.toFixed(2).padStart(7);
const print = (text = ''): void => void process.stdout.write(`${text}\n`);
let isReached = true;
print(
  `USD a million flows, prices of ${OUR_PRICES.asOf} (us-east-1); ${options.count} flows of each kind, ten a second`,
);
for (const [flow, { operations, calls }] of Object.entries(ours) as [FlowName, (typeof ours)[FlowName]][]) {
  const [mine, naive] = [priceOf(operations, OUR_PRICES), priceOf(NAIVE[flow], NAIVE_PRICES)];
  const share = sumOf(mine) / sumOf(naive);
  isReached &&= share <= GOAL;
  print();
  print(
    `${flow}: ${amount(sumOf(mine))} of ${amount(sumOf(naive))}, ${Math.round(share * 100)} % ${share <= GOAL ? '' : '(above a third)'}`,
  );
  print(
    `  ${operations.writeUnits.toFixed(2)} write units, ${operations.readUnits.toFixed(2)} read units, ${calls.toFixed(2)} calls to AWS, ${operations.events.toFixed(2)} events, ${operations.queueRequests.toFixed(2)} queue requests, ${operations.invocations.toFixed(2)} invocations`,
  );
  for (const [item, price] of Object.entries(mine))
    print(`  ${item.padEnd(16)}${amount(price)} of ${amount(naive[item] ?? 0)}`);
}
if (options.raw)
  for (const { flow, count, counts } of reports.values())
    for (const [name, times] of counts) print(`${flow} ${name} ${(times / count).toFixed(2)}`);
process.exitCode = isReached ? 0 : 1;
