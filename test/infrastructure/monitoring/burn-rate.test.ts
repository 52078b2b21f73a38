import { describe, expect, test } from '@jest/globals';
import { type Properties, synthesized } from '../templates/synthesized.ts';

const { of } = synthesized('production');
const window = (name: string): Properties =>
  of('AWS::CloudWatch::Alarm').find(
    ({ properties }) => properties.AlarmName === `trunkline-production-${name}`,
  )?.properties ?? {};
const periods = (name: string): ReadonlySet<number> =>
  new Set(window(name).Metrics.flatMap((entry: Properties) => entry.MetricStat?.Period ?? []));

/** Percent of bad events at which each window alarms: factor x (100 - objective). */
const THRESHOLDS = {
  'webhook-success': { fast: 0.72, slow: 0.3, steady: 0.05 },
  'acknowledgement-time': { fast: 14.4, slow: 6, steady: 1 },
  'acknowledgement-to-effect': { fast: 7.2, slow: 3, steady: 0.5 },
} as const;

describe.each(Object.entries(THRESHOLDS))('burn rate of %s', (objective, thresholds) => {
  test.each(Object.entries(thresholds))('the %s alarm stands at %d %% in both windows', (rate, percent) => {
    expect(window(`${objective}-${rate}-long`).Threshold).toBe(percent);
    expect(window(`${objective}-${rate}-short`).Threshold).toBe(percent);
  });

  test.each([
    ['fast', 3600, 300],
    ['slow', 21_600, 1800],
    ['steady', 259_200, 21_600],
  ])('the %s alarm looks at %d s and at %d s', (rate, long, short) => {
    expect(periods(`${objective}-${rate}-long`)).toEqual(new Set([long]));
    expect(periods(`${objective}-${rate}-short`)).toEqual(new Set([short]));
  });

  test('needs both windows', () => {
    const composite = of('AWS::CloudWatch::CompositeAlarm').find(
      ({ properties }) => properties.AlarmName === `trunkline-production-${objective}-fast`,
    );
    const rule = JSON.stringify(composite?.properties.AlarmRule);

    expect(rule).toMatch(/ALARM\(.*fastlong.* AND ALARM\(.*fastshort/);
  });

  test('says nothing below 50 events in the long window', () => {
    const expression = window(`${objective}-fast-long`).Metrics.find((entry: Properties) => entry.Expression);

    expect(expression.Expression).toMatch(/^IF\(\(.+\) >= 50, 100 \* \(.+\) \/ \(.+\), 0\)$/);
  });
});

test('times are judged by the share of measurements within the promised limit', () => {
  const statistics = (name: string) =>
    window(name).Metrics.flatMap((entry: Properties) => entry.MetricStat?.Stat ?? []);

  expect(statistics('acknowledgement-time-fast-long')).toEqual(['SampleCount', 'PR(0:500)']);
  expect(statistics('acknowledgement-to-effect-fast-long')).toEqual([
    'SampleCount',
    'PR(0:5000)',
    'SampleCount',
    'PR(0:5000)',
  ]);
});
