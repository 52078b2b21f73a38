import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { BusEvent } from '../../../functions/shared/runtime/bus-event.ts';
import { onColdStart } from '../../../functions/shared/runtime/cold-start.ts';
import {
  requireEnvironment,
  requireEnvironmentInteger,
  requireEnvironmentJson,
  requireEnvironmentList,
} from '../../../functions/shared/runtime/environment.ts';
import { systemRandomness } from '../../../functions/shared/runtime/system.ts';

describe('the environment', () => {
  const environment = { NAME: 'value', COUNT: '42', LIST: 'a, b', JSON: '{"a":1}', EMPTY: '', WORD: 'many' };

  test('is read as text, integer, list and JSON', () => {
    expect(requireEnvironment('NAME', environment)).toBe('value');
    expect(requireEnvironmentInteger('COUNT', environment)).toBe(42);
    expect(requireEnvironmentList('LIST', environment)).toEqual(['a', 'b']);
    expect(requireEnvironmentJson('JSON', z.strictObject({ a: z.int() }), environment)).toEqual({ a: 1 });
  });

  test.each<[string, () => unknown]>([
    ['ABSENT', () => requireEnvironment('ABSENT', environment)],
    ['EMPTY', () => requireEnvironment('EMPTY', environment)],
    ['WORD', () => requireEnvironmentInteger('WORD', environment)],
    ['TRAILING', () => requireEnvironmentList('TRAILING', { TRAILING: 'a,' })],
    ['NAME', () => requireEnvironmentJson('NAME', z.unknown(), environment)],
    ['JSON', () => requireEnvironmentJson('JSON', z.object({ b: z.string() }), environment)],
  ])('names the variable that is wrong: %s', (name, read) => {
    expect(read).toThrow(expect.objectContaining({ name: 'EnvironmentError', variable: name }));
    expect(read).toThrow(name);
  });
});

describe('a cold start', () => {
  test('happens once, also for concurrent invocations', async () => {
    let builds = 0;
    const start = onColdStart(async () => {
      builds += 1;
      return builds;
    });
    expect(await Promise.all([start(), start(), start()])).toEqual([1, 1, 1]);
  });

  test('that failed is not remembered', async () => {
    let builds = 0;
    const start = onColdStart(() => {
      builds += 1;
      if (builds === 1) throw new Error('no environment');
      return builds;
    });
    await expect(start()).rejects.toThrow('no environment');
    expect(await start()).toBe(2);
  });
});

describe('randomness', () => {
  test('tokens are 22 URL-safe characters, fractions lie in [0, 1)', () => {
    const tokens = new Set(Array.from({ length: 1000 }, () => systemRandomness.token()));
    expect(tokens.size).toBe(1000);
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{22}$/);
    const fractions = Array.from({ length: 1000 }, () => systemRandomness.fraction());
    expect(fractions.every((fraction) => fraction >= 0 && fraction < 1)).toBe(true);
  });
});

describe('an event of the bus', () => {
  const detail = {
    id: 'inbox/MSG#1/1/0',
    time: '2026-03-01T12:00:00.123Z',
    accountSid: `AC${'1'.repeat(32)}`,
    correlationId: 'c1',
    type: 'message.suppressed.v1',
    data: { intentId: 'i1', version: 2, state: 'SUPPRESSED', reason: 'opted out' },
  };
  const envelope = {
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': 'message.suppressed.v1',
    source: 'trunkline',
    account: '111122223333',
    time: '2026-03-01T12:00:01Z',
    region: 'eu-west-1',
    resources: [],
    detail,
  };

  test('is taken out of its envelope', () => {
    expect(BusEvent.parse(envelope)).toEqual({ event: detail, publishedAt: '2026-03-01T12:00:01Z' });
  });

  test.each([
    ['another source', { ...envelope, source: 'aws.s3' }],
    ['a detail-type that is not the detail', { ...envelope, 'detail-type': 'message.expired.v1' }],
    ['an unknown type', { ...envelope, 'detail-type': 'x', detail: { ...detail, type: 'x' } }],
    ['a detail without its data', { ...envelope, detail: { ...detail, data: {} } }],
    ['no envelope', detail],
  ])('is refused with %s', (_, given) => {
    expect(BusEvent.safeParse(given).success).toBe(false);
  });
});
