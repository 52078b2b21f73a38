import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isKnownStatus, joinStatus, viewOf } from '../../../../functions/messaging/domain/message-status.ts';
import type { StatusReport } from '../../../../functions/messaging/domain/status-report.ts';

const RUNS = { numRuns: 1_000 };

/** Protocols, section 5; `partially_delivered` is Twilio's deprecated word. */
const RANKED = [
  ['accepted', 'scheduled'],
  ['queued'],
  ['sending'],
  ['sent'],
  ['canceled'],
  ['undelivered'],
  ['failed'],
  ['partially_delivered'],
  ['delivered'],
  ['read'],
];
const rankOf = (state: string): number => RANKED.findIndex((words) => words.includes(state));

const statusWord = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...RANKED.flat()) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('receiving', 'received', 'DELIVERED', '', '|', 'constructor', '__proto__'),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
);
const report: fc.Arbitrary<StatusReport> = fc.oneof(
  statusWord.map((status) => ({ status })),
  fc.record({ status: statusWord, errorCode: fc.constantFrom(30003, 30005, 30007, 30008, 0, 63016) }),
);
const reports = fc.array(report, { maxLength: 12 });

const joinAll = (all: readonly StatusReport[], start: readonly StatusReport[] = []) =>
  all.reduce((known, one) => joinStatus(known, one).reports, start);

const words = (...statuses: string[]): StatusReport[] => statuses.map((status) => ({ status }));

describe('the set of reports is a join semilattice', () => {
  test('any order and any multiplicity of reports give the same set and the same view', () => {
    const disordered = reports.chain((all) =>
      fc.tuple(
        fc.constant(all),
        all.length === 0
          ? fc.constant([])
          : fc
              .array(fc.constantFrom(...all), { maxLength: 10 })
              .chain((repeats) =>
                fc.shuffledSubarray([...all, ...repeats], { minLength: all.length + repeats.length }),
              ),
      ),
    );
    fc.assert(
      fc.property(disordered, ([ordered, shuffled]) => {
        expect(joinAll(shuffled)).toEqual(joinAll(ordered));
        expect(viewOf(joinAll(shuffled))).toEqual(viewOf(ordered));
      }),
      RUNS,
    );
  });

  test('the rank of the view never goes down', () => {
    fc.assert(
      fc.property(reports, report, (all, late) => {
        const before = viewOf(all);
        const { view } = joinStatus(joinAll(all), late);
        expect(rankOf(view.state)).toBeGreaterThanOrEqual(before === undefined ? -1 : rankOf(before.state));
      }),
      RUNS,
    );
  });

  test('joining is idempotent, commutative and associative', () => {
    fc.assert(
      fc.property(reports, reports, reports, (a, b, c) => {
        const [left, middle, right] = [joinAll(a), joinAll(b), joinAll(c)];
        expect(joinAll(left, left)).toEqual(left);
        expect(joinAll(left, middle)).toEqual(joinAll(middle, left));
        expect(joinAll(joinAll(right, middle), left)).toEqual(joinAll(right, joinAll(middle, left)));
      }),
      RUNS,
    );
  });

  test('a known report changes nothing and says so; a new one changes what it says it changes', () => {
    fc.assert(
      fc.property(reports, report, (all, one) => {
        const known = joinAll(all);
        const join = joinStatus(known, one);
        expect(join.isNew).toBe(join.reports.length > known.length);
        expect(join.changed).toBe(JSON.stringify(join.view) !== JSON.stringify(viewOf(known)));
        if (!join.isNew)
          expect(join).toMatchObject({
            changed: false,
            explanation: expect.stringContaining('known already'),
          });
      }),
      RUNS,
    );
  });

  test('an error code is shown with undelivered and failed only, and only one that was reported', () => {
    fc.assert(
      fc.property(reports, (all) => {
        const view = viewOf(all);
        const codes = all.map((one) => one.errorCode);
        if (view?.errorCode !== undefined) {
          expect(['undelivered', 'failed']).toContain(view.state);
          expect(codes).toContain(view.errorCode);
        }
      }),
      RUNS,
    );
  });
});

describe('what a set shows', () => {
  test('nothing is shown of no report', () => {
    expect(viewOf([])).toBeUndefined();
  });

  test.each<[string, readonly StatusReport[], ReturnType<typeof viewOf>]>([
    ["a late 'sent' does not undo 'delivered'", words('delivered', 'sent'), { state: 'delivered' }],
    ["'delivered' wins over 'undelivered'", words('undelivered', 'delivered'), { state: 'delivered' }],
    [
      "'delivered' wins over 'failed', whose code is then not shown",
      [{ status: 'failed', errorCode: 30008 }, { status: 'delivered' }],
      { state: 'delivered' },
    ],
    ["'read' wins over everything", words('read', 'delivered', 'failed'), { state: 'read' }],
    ["'failed' wins over 'undelivered'", words('failed', 'undelivered'), { state: 'failed' }],
    ["'canceled' wins over 'sent'", words('canceled', 'sent'), { state: 'canceled' }],
    ["'undelivered' wins over 'canceled'", words('undelivered', 'canceled'), { state: 'undelivered' }],
    [
      "'failed' then 'failed 30007' shows 30007",
      [{ status: 'failed' }, { status: 'failed', errorCode: 30007 }],
      { state: 'failed', errorCode: 30007 },
    ],
    [
      "'failed 30007' then 'failed' shows 30007",
      [{ status: 'failed', errorCode: 30007 }, { status: 'failed' }],
      { state: 'failed', errorCode: 30007 },
    ],
    [
      "'failed' borrows the code of 'undelivered'",
      [{ status: 'undelivered', errorCode: 30005 }, { status: 'failed' }],
      { state: 'failed', errorCode: 30005 },
    ],
    [
      "'failed' prefers its own code",
      [
        { status: 'undelivered', errorCode: 30008 },
        { status: 'failed', errorCode: 30003 },
      ],
      { state: 'failed', errorCode: 30003 },
    ],
    [
      'of two codes of one state the higher is shown, in whatever order they came',
      [
        { status: 'undelivered', errorCode: 30008 },
        { status: 'undelivered', errorCode: 30003 },
      ],
      { state: 'undelivered', errorCode: 30008 },
    ],
    ["a code on 'sent' is kept, not shown", [{ status: 'sent', errorCode: 30001 }], { state: 'sent' }],
    ['an unknown word ranks below every known one', words('accepted', 'teleported'), { state: 'accepted' }],
    ['an unknown word is shown where there is nothing else', words('teleported'), { state: 'teleported' }],
    [
      'of unknown words the last by spelling is shown, in whatever order they came',
      words('zapped', 'beamed'),
      { state: 'zapped' },
    ],
    [
      "'accepted' and 'scheduled' tie; the word decides",
      words('scheduled', 'accepted'),
      { state: 'scheduled' },
    ],
    ['names of object members are words like any other', words('constructor', 'queued'), { state: 'queued' }],
  ])('%s', (_rule, all, shown) => {
    expect(viewOf(all)).toEqual(shown);
    expect(viewOf([...all].reverse())).toEqual(shown);
  });

  test.each(RANKED.flat())('%s is a status that Trunkline knows', (word) => {
    expect(isKnownStatus(word)).toBe(true);
  });

  test.each(['received', 'Delivered', '', 'toString', '__proto__'])('%p is not', (word) => {
    expect(isKnownStatus(word)).toBe(false);
  });
});

describe('what a report is said to have changed', () => {
  test.each<[string, readonly StatusReport[], StatusReport, string, boolean]>([
    ['the first status', [], { status: 'queued' }, 'first status: queued', true],
    ['a higher status', words('sent'), { status: 'delivered' }, 'sent → delivered', true],
    [
      'a code that was missing',
      words('failed'),
      { status: 'failed', errorCode: 30007 },
      'stays failed; error 30007 now known',
      true,
    ],
    [
      'another report of the state',
      [{ status: 'failed', errorCode: 30008 }],
      { status: 'failed' },
      'stays failed; another report of it',
      false,
    ],
    [
      'a late status',
      words('delivered'),
      { status: 'sent' },
      "changed nothing: 'sent' ranks below 'delivered', it came late",
      false,
    ],
    [
      'a repeated status',
      words('sent'),
      { status: 'sent' },
      "changed nothing: 'sent' was known already",
      false,
    ],
    [
      'an unknown word',
      words('sent'),
      { status: 'teleported' },
      "'teleported' is not a status Trunkline knows; kept, ranked lowest",
      false,
    ],
    [
      'an unknown word that comes first',
      [],
      { status: 'teleported' },
      "'teleported' is not a status Trunkline knows; kept, ranked lowest",
      true,
    ],
  ])('%s', (_what, known, one, explanation, changed) => {
    expect(joinStatus(known, one)).toMatchObject({ explanation, changed });
  });
});
