import { bundleScript } from '../bundle.ts';
import type { Figure } from '../figure.ts';
import { runFresh } from '../fresh-process.ts';

const RUNS = 7;
const CHILD = new URL('./forgeries-child.ts', import.meta.url);

/** CPU that a forged request costs, against the twilio library's own check, which tries up to six spellings of the URL. */
export const measureForgeries = async (): Promise<readonly Figure[]> => {
  const child = await bundleScript(CHILD);
  const figure = { baseline: [] as number[], ours: [] as number[] };
  for (let run = 0; run < RUNS; run += 1) {
    const { baseline, ours } = (await runFresh(child, { args: [], environment: {} })) as Medians;
    figure.baseline.push(baseline);
    figure.ours.push(ours);
  }
  return [{ name: 'webhook: refusing a forgery', unit: 'us', ...figure, goal: 5 }];
};

interface Medians {
  readonly baseline: number;
  readonly ours: number;
}
