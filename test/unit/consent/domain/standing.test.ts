import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isScope, scopeOfKeyword } from '../../../../functions/consent/domain/scope.ts';
import {
  type ConsentCommand,
  decide,
  evolve,
  type Standing,
} from '../../../../functions/consent/domain/standing.ts';

const at = (occurredAt: number, kind: ConsentCommand['kind'], recordId = `${kind} at ${occurredAt}`) =>
  ({ recordId, kind, scope: 'everything', source: 'keyword', occurredAt }) as const;

const fold = (...commands: readonly ConsentCommand[]): Standing | undefined =>
  commands.reduce<Standing | undefined>((state, command) => evolve(state, decide(command, state)), undefined);

describe('what a record changes', () => {
  test('an opt-in, an opt-out and a later START follow each other', () => {
    expect(fold(at(1, 'opt-in'))?.status).toBe('opted-in');
    expect(fold(at(1, 'opt-in'), at(2, 'opt-out'))?.status).toBe('opted-out');
    expect(fold(at(1, 'opt-in'), at(2, 'opt-out'), at(3, 'start'))?.status).toBe('opted-in');
  });

  test('an opt-in that arrives late, from before the opt-out, lifts nothing', () => {
    const state = fold(at(2, 'opt-out'));
    expect(decide(at(1, 'opt-in'), state)).toEqual({
      type: 'noted',
      reason: 'the person opted out later than this',
    });
  });

  test('at one instant the opt-out wins, in whichever order the two arrive', () => {
    expect(fold(at(2, 'opt-in'), at(2, 'opt-out'))?.status).toBe('opted-out');
    expect(fold(at(2, 'opt-out'), at(2, 'opt-in'))?.status).toBe('opted-out');
    expect(fold(at(2, 'opt-out'), at(2, 'start'))?.status).toBe('opted-out');
  });

  test('an opt-out from before a newer opt-in changes nothing', () => {
    expect(decide(at(1, 'opt-out'), fold(at(2, 'opt-in')))).toEqual({
      type: 'noted',
      reason: 'the person opted in later than this',
    });
  });

  test('START without an opt-out is no consent', () => {
    expect(decide(at(1, 'start'), undefined)).toEqual({
      type: 'noted',
      reason: 'there is no opt-out to lift',
    });
    expect(decide(at(2, 'start'), fold(at(1, 'opt-in')))).toMatchObject({ type: 'noted' });
  });

  test('a second opt-out keeps the record of the first, and is what a START must be later than', () => {
    const state = fold(at(1, 'opt-out'), at(5, 'opt-out'));
    expect(state).toMatchObject({ since: 5, recordId: 'opt-out at 1' });
    expect(fold(at(1, 'opt-out'), at(5, 'opt-out'), at(5, 'start'))?.status).toBe('opted-out');
  });

  test('an opt-in that is not newer than the one that stands is noted', () => {
    expect(decide(at(1, 'opt-in'), fold(at(2, 'opt-in')))).toEqual({
      type: 'noted',
      reason: 'an opt-in that is not older stands',
    });
  });

  test('the record that stands changes nothing when it comes again', () => {
    expect(decide(at(1, 'opt-out'), fold(at(1, 'opt-out')))).toEqual({
      type: 'noted',
      reason: 'it is the record that stands',
    });
  });

  const command = fc.record({
    recordId: fc.uuid(),
    kind: fc.constantFrom('opt-in', 'opt-out', 'start'),
    scope: fc.constant('everything'),
    source: fc.constant('keyword'),
    occurredAt: fc.integer({ min: 0, max: 20 }),
  }) as fc.Arbitrary<ConsentCommand>;

  test('whatever comes in whichever order, nobody is opted in against a later or simultaneous opt-out', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
        const state = fold(...commands);
        const lastOptOut = Math.max(
          -1,
          ...commands.filter(({ kind }) => kind === 'opt-out').map(({ occurredAt }) => occurredAt),
        );
        if (state?.status === 'opted-in') expect(state.since).toBeGreaterThan(lastOptOut);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a scope', () => {
  test.each(['everything', 'channel:sms', 'group:MG00000000000000000000000000000001', 'topic:new-arrivals'])(
    '%s is one',
    (scope) => {
      expect(isScope(scope)).toBe(true);
    },
  );

  test.each(['', 'all', 'channel:fax', 'topic:', 'topic:New', 'everything '])('%j is none', (scope) => {
    expect(isScope(scope)).toBe(false);
  });

  test('of a keyword follows the configuration, and is everything where there is no group', () => {
    const sender = { channel: 'mms', messagingServiceSid: 'MG1' };
    expect(scopeOfKeyword('everything', sender)).toBe('everything');
    expect(scopeOfKeyword('channel', sender)).toBe('channel:sms');
    expect(scopeOfKeyword('channel', { channel: 'whatsapp' })).toBe('channel:whatsapp');
    expect(scopeOfKeyword('sender-group', sender)).toBe('group:MG1');
    expect(scopeOfKeyword('sender-group', { channel: 'sms' })).toBe('everything');
  });
});
