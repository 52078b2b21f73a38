import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type CallReport,
  isFinalCallStatus,
  joinCallReport,
  viewOfCall,
} from '../../../../functions/voice/domain/calls/call-status.ts';

const RUNS = { numRuns: 1_000 };
const FINAL = ['completed', 'busy', 'no-answer', 'failed', 'canceled'];
const RANKED = [['queued'], ['initiated'], ['ringing'], ['in-progress'], FINAL];
const rankOf = (status: string): number => RANKED.findIndex((words) => words.includes(status));

const word = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...RANKED.flat()) },
  { weight: 1, arbitrary: fc.constantFrom('answered', 'constructor', '__proto__', '') },
);
const report: fc.Arbitrary<CallReport> = fc.record(
  {
    status: word,
    sequenceNumber: fc.nat({ max: 6 }),
    durationSeconds: fc.nat({ max: 100 }),
    sipResponseCode: fc.constantFrom(200, 404, 486, 487),
    answeredBy: fc.constantFrom('human', 'machine_start'),
    errorCode: fc.constantFrom(13224, 21216),
  },
  { requiredKeys: ['status'] },
);
const reports = fc.array(report, { maxLength: 12 });

const fold = (arrived: readonly CallReport[]): readonly CallReport[] =>
  arrived.reduce<readonly CallReport[]>((known, next) => joinCallReport(known, next).reports, []);

const arrivals = reports.chain((sent) =>
  fc.tuple(
    fc.constant(sent),
    fc.shuffledSubarray(sent, { minLength: sent.length }),
    fc.array(sent.length === 0 ? report : fc.constantFrom(...sent), { maxLength: sent.length }),
  ),
);

describe('the record of a call', () => {
  test('is the same whatever order its callbacks come in, and however often', () => {
    fc.assert(
      fc.property(arrivals, ([sent, shuffled, repeated]) => {
        const twice = sent.length === 0 ? shuffled : [...shuffled, ...repeated];
        expect(fold(twice)).toEqual(fold(sent));
        expect(viewOfCall(fold(twice))).toEqual(viewOfCall(fold(sent)));
      }),
      RUNS,
    );
  });

  test('never falls back: its state has the highest rank of all reports', () => {
    fc.assert(
      fc.property(fc.array(report, { minLength: 1, maxLength: 12 }), (sent) => {
        const highest = Math.max(...sent.map(({ status }) => rankOf(status)));
        expect(rankOf(viewOfCall(sent)?.state ?? '')).toBe(highest);
      }),
      RUNS,
    );
  });

  test('has a report once: joining it again changes nothing and needs no write', () => {
    fc.assert(
      fc.property(reports, report, (sent, one) => {
        const joined = joinCallReport(fold(sent), one);
        const again = joinCallReport(joined.reports, one);
        expect(again.isNew).toBe(false);
        expect(again.reports).toEqual(joined.reports);
      }),
      RUNS,
    );
  });

  test('names exactly the sequence numbers that are missing below the highest', () => {
    fc.assert(
      fc.property(reports, (sent) => {
        const seen = sent.flatMap(({ sequenceNumber }) => sequenceNumber ?? []);
        const expected = Array.from({ length: Math.max(-1, ...seen) + 1 }, (_, at) => at).filter(
          (at) => !seen.includes(at),
        );
        expect(viewOfCall(sent)?.missing ?? []).toEqual(sent.length === 0 ? [] : expected);
      }),
      RUNS,
    );
  });

  test.each([
    [['ringing', 'initiated'], 'ringing'],
    [['completed', 'in-progress', 'ringing'], 'completed'],
    [['in-progress', 'nonsense'], 'in-progress'],
    [['nonsense'], 'nonsense'],
    [['queued', 'busy'], 'busy'],
  ])('after %j is %s', (words, state) => {
    expect(viewOfCall(words.map((status) => ({ status })))?.state).toBe(state);
  });

  test('of two ends takes the one that Twilio counted later', () => {
    const ends: CallReport[] = [
      { status: 'failed', sequenceNumber: 3 },
      { status: 'completed', sequenceNumber: 2 },
    ];
    expect(viewOfCall(ends)?.state).toBe('failed');
  });

  test('keeps what an earlier report knew and the last one does not say', () => {
    const joined = fold([
      { status: 'in-progress', sequenceNumber: 2, answeredBy: 'human' },
      { status: 'completed', sequenceNumber: 3, durationSeconds: 49 },
    ]);
    expect(viewOfCall(joined)).toEqual({
      state: 'completed',
      missing: [0, 1],
      answeredBy: 'human',
      durationSeconds: 49,
    });
  });

  test.each([
    [[], { status: 'ringing' }, 'first report: ringing'],
    [[{ status: 'ringing' }], { status: 'busy' }, 'ringing → busy'],
    [
      [{ status: 'busy' }],
      { status: 'ringing' },
      "changed nothing: 'ringing' ranks below 'busy', it came late",
    ],
    [[{ status: 'busy' }], { status: 'busy' }, "changed nothing: 'busy' was known already"],
    [[{ status: 'busy' }], { status: 'busy', sipResponseCode: 486 }, 'stays busy; another report of it'],
    [[], { status: 'odd' }, "'odd' is not a call status that Trunkline knows; kept, ranked lowest"],
  ])('from %j by %j: %s', (known, one, explanation) => {
    expect(joinCallReport(known, one).explanation).toBe(explanation);
  });

  test('takes no more than 64 reports, so that its row stays small', () => {
    const many = Array.from({ length: 70 }, (_, sequenceNumber) => ({ status: 'ringing', sequenceNumber }));
    expect(fold(many)).toHaveLength(64);
  });

  test.each(FINAL)('%s ends a call', (status) => {
    expect(isFinalCallStatus(status)).toBe(true);
  });

  test.each(['queued', 'initiated', 'ringing', 'in-progress', 'odd', 'constructor'])(
    '%s does not',
    (status) => {
      expect(isFinalCallStatus(status)).toBe(false);
    },
  );
});
