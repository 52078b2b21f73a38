import { describe, expect, test } from '@jest/globals';
import canada from '../../../../config/quiet-hours/canada.json' with { type: 'json' };
import { prepareHours } from '../../../../functions/messaging/domain/quiet-hours/hours-policy.ts';
import { QuietHoursFile } from '../../../../functions/shared/contract/rules/quiet-hours.ts';
import { compareQuietHours } from '../../../quiet-hours/compare.ts';

/** `npm run quiet-hours` asks two million times; here are fewer. */
describe('quiet hours, against an oracle that reads every minute off the clocks', () => {
  test('are never left early, and never late by more than a minute', () => {
    const { differences, cases, passed, held } = compareQuietHours(5_000, 7);
    expect(differences).toEqual([]);
    expect(cases).toBe(5_000);
    expect(Math.min(passed, held)).toBeGreaterThan(1_000);
  });

  test('that are not those of the law are found out', () => {
    const wrong = prepareHours([
      QuietHoursFile.parse({ rules: canada.rules.map((rule) => ({ ...rule, jurisdiction: '*' })) }),
    ]);
    const { differences } = compareQuietHours(5_000, 7, { frequency: [], quietHours: wrong });
    expect(differences.some((one) => one.includes('EARLY'))).toBe(true);
    expect(differences.some((one) => one.includes('LATE'))).toBe(true);
  });
});
