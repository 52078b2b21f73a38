import { median, percentile } from './statistics.ts';

/** One measured claim: ours against a baseline of the same run, or against a fixed number. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** One number a run; less is better. */
  readonly baseline: readonly number[];
  readonly ours: readonly number[];
  /** At least this ratio of the medians, baseline to ours. */
  readonly goal: number;
}

const ratioOf = ({ baseline, ours }: Figure): number => median(baseline) / median(ours);

export const isReached = (figure: Figure): boolean => ratioOf(figure) >= figure.goal;

const spread = (sample: readonly number[]): string =>
  `${median(sample).toFixed(2)} (${percentile(sample, 0.1).toFixed(2)} to ${percentile(sample, 0.9).toFixed(2)})`;

/** Medians with their 10th and 90th percentiles, and the ratios with their goals. */
export const formatTable = (figures: readonly Figure[]): string => {
  const rows = [
    ['figure', 'unit', 'baseline', 'ours', 'ratio', 'goal', ''],
    ...figures.map((figure) => [
      figure.name,
      figure.unit,
      spread(figure.baseline),
      spread(figure.ours),
      `${ratioOf(figure).toFixed(1)}x`,
      `${figure.goal}x`,
      isReached(figure) ? 'reached' : 'MISSED',
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
};
