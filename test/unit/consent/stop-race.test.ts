import { describe, expect, test } from '@jest/globals';
import { type RaceOutcome, raceStop } from '../../fakes/consent/stop-race.ts';

const race = async (races: number, options = {}): Promise<readonly RaceOutcome[]> => {
  const outcomes: RaceOutcome[] = [];
  for (let seed = 1; seed <= races; seed += 1) outcomes.push(await raceStop(seed, options));
  return outcomes;
};

describe('a STOP that races the arming of a message', () => {
  test('in every interleaving and under every conflict, nothing is armed once it is committed', async () => {
    const outcomes = await race(400);
    expect(outcomes.filter(({ armedAfterOptOut }) => armedAfterOptOut)).toEqual([]);
    const ends = new Set(outcomes.map(({ end }) => end));
    expect(ends).toContain('sent');
    expect(ends).toContain('suppressed');
    expect(outcomes.reduce((sum, { conflicts }) => sum + conflicts, 0)).toBeGreaterThan(100);
  });

  test('the race would show a check that is left out of the transaction', async () => {
    const outcomes = await race(400, { guardOf: (guard: object) => ({ ...guard, checks: () => [] }) });
    expect(outcomes.some(({ armedAfterOptOut }) => armedAfterOptOut)).toBe(true);
  });

  test('the race would show a consent that is read once and trusted for good', async () => {
    const stale = { standing: 'none', contactId: 'con_0', seen: [] } as const;
    const outcomes = await race(400, { guardOf: (guard: object) => ({ ...guard, read: async () => stale }) });
    expect(outcomes.some(({ armedAfterOptOut }) => armedAfterOptOut)).toBe(true);
  });
});
