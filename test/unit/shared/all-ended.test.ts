import { describe, expect, test } from '@jest/globals';
import { allEnded } from '../../../functions/shared/runtime/all-ended.ts';

describe('work that is done at once', () => {
  test('gives its results in order', async () => {
    expect(await allEnded([Promise.resolve(1), Promise.resolve(2)])).toEqual([1, 2]);
  });

  test('fails with the first failure, and not before all of it has ended', async () => {
    const ended: string[] = [];
    const slow = Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => void ended.push('slow'));
    await expect(allEnded([Promise.reject(new Error('first')), slow])).rejects.toThrow('first');
    expect(ended).toEqual(['slow']);
  });
});
