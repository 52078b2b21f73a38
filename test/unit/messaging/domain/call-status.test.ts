import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  callViewOf,
  isFinalCallStatus,
  isKnownCallStatus,
  joinCallStatus,
} from '../../../../functions/messaging/domain/call-status.ts';
import type { StatusReport } from '../../../../functions/messaging/domain/status-report.ts';

const RUNS = { numRuns: 1_000 };

/** In the order of a call's life; the endings by how sure they are that somebody was there. */
const WORDS = ['queued', 'initiated', 'ringing', 'in-progress'];
const ENDINGS = ['canceled', 'failed', 'no-answer', 'busy', 'completed'];

const report: fc.Arbitrary<StatusReport> = fc
  .record(
    {
      status: fc.constantFrom(...WORDS, ...ENDINGS, 'teleported'),
      sequenceNumber: fc.nat({ max: 4 }),
      sipResponseCode: fc.constantFrom(404, 480, 486, 487, 503),
    },
    { requiredKeys: ['status'] },
  )
  .map((fields): StatusReport => fields);

const joinAll = (reports: readonly StatusReport[]) =>
  reports.reduce<readonly StatusReport[]>((set, each) => joinCallStatus(set, each).reports, []);

describe('the statuses of a call', () => {
  test('add up to the same in any order', () => {
    fc.assert(
      fc.property(
        fc
          .array(report, { maxLength: 8 })
          .chain((reports) =>
            fc.tuple(
              fc.constant(reports),
              fc.shuffledSubarray(reports, { minLength: reports.length, maxLength: reports.length }),
            ),
          ),
        ([reports, shuffled]) => {
          expect(joinAll(shuffled)).toEqual(joinAll(reports));
        },
      ),
      RUNS,
    );
  });

  test('add up to the same however often each is told', () => {
    fc.assert(
      fc.property(fc.array(report, { maxLength: 6 }), (reports) => {
        const set = joinAll(reports);
        expect(joinAll([...reports, ...reports])).toEqual(set);
        for (const each of reports)
          expect(joinCallStatus(set, each)).toMatchObject({ isNew: false, changed: false });
      }),
      RUNS,
    );
  });

  test('never go back: what was shown is shown, or something later', () => {
    const place = (state: string): number => (ENDINGS.includes(state) ? WORDS.length : WORDS.indexOf(state));
    fc.assert(
      fc.property(fc.array(report, { minLength: 1, maxLength: 6 }), report, (reports, next) => {
        const before = callViewOf(joinAll(reports))?.state ?? '';
        expect(place(joinCallStatus(joinAll(reports), next).view.state)).toBeGreaterThanOrEqual(
          place(before),
        );
      }),
      RUNS,
    );
  });

  test.each([
    ['a late ringing does not undo the answer', ['in-progress', 'ringing'], 'in-progress'],
    ['an ending outranks whatever came before', ['busy', 'in-progress'], 'busy'],
    ['of two endings without numbers, somebody was there', ['no-answer', 'completed'], 'completed'],
    ['a word that nobody knows is ranked lowest', ['queued', 'teleported'], 'queued'],
  ])('%s', (_rule, words, shown) => {
    expect(callViewOf(joinAll(words.map((status) => ({ status }))))).toEqual({ state: shown });
  });

  test('of two endings the one with the higher number counts, and one without a number least', () => {
    const early = { status: 'completed', sequenceNumber: 2 };
    const late = { status: 'no-answer', sequenceNumber: 3 };
    expect(callViewOf(joinAll([late, early, { status: 'busy' }]))).toEqual({ state: 'no-answer' });
  });

  test('a poll that says no more than a callback did is not kept', () => {
    const known = joinAll([{ status: 'busy', sequenceNumber: 3, sipResponseCode: 486 }]);
    expect(joinCallStatus(known, { status: 'busy' })).toMatchObject({ isNew: false, reports: known });
  });

  test('a callback that says more than a poll did takes its place', () => {
    const full = { status: 'busy', sequenceNumber: 3, sipResponseCode: 486 };
    const join = joinCallStatus(joinAll([{ status: 'busy' }]), full);
    expect(join).toMatchObject({
      isNew: true,
      reports: [full],
      view: { state: 'busy', sipResponseCode: 486 },
    });
    expect(join.explanation).toBe('stays busy; SIP response 486 now known');
  });

  test('the five endings are final, and the nine words are known', () => {
    expect([...WORDS, ...ENDINGS].filter(isFinalCallStatus)).toEqual(ENDINGS);
    expect([...WORDS, ...ENDINGS].every(isKnownCallStatus)).toBe(true);
    expect(['teleported', 'toString', 'constructor'].some(isKnownCallStatus)).toBe(false);
  });
});
