import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RecordingPolicy } from '../../../../functions/shared/contract/recording-policy.ts';
import {
  judge,
  nextStep,
  type RecordedCall,
} from '../../../../functions/voice/domain/recordings/next-step.ts';
import {
  copyKeyOf,
  type Recording,
  type RecordingReport,
  reportRecording,
  statusOf,
} from '../../../../functions/voice/domain/recordings/recording.ts';
import { readRecordingPolicy } from '../../../../functions/voice/recording-policy.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const START = Date.parse('2026-03-01T12:00:00Z');
const POLICY: RecordingPolicy = {
  ...readRecordingPolicy(),
  deleteAtTwilioAfterMinutes: 60,
  keepDays: 90,
  withoutProof: { graceMinutes: 30, action: 'quarantine', quarantineDays: 14 },
};
const NAME = { recordingSid: `RE${'1'.repeat(32)}`, accountSid: `AC${'2'.repeat(32)}` };

const recording = (change: Partial<Recording> = {}): Recording => ({
  ...NAME,
  version: 1,
  owner: 'o',
  createdAt: START,
  updatedAt: START,
  reportedAt: START,
  callSid: `CA${'3'.repeat(32)}`,
  source: 'DialVerb',
  startedAt: START - 10 * MINUTE,
  reports: [{ status: 'completed' }],
  failures: 0,
  looks: 0,
  ...change,
});

const call = (change: Partial<RecordedCall> = {}): RecordedCall => ({
  places: ['US-CA', 'US-TX'],
  notices: [
    { noticeId: 'announcement-en', policyVersion: '1', obtained: 'notice', givenAt: START - 11 * MINUTE },
  ],
  ...change,
});

const permitted = {
  kind: 'permitted',
  required: 'notice',
  policyVersion: '1',
  noticeId: 'announcement-en',
} as const;
const unproved = { kind: 'unproved', required: 'notice', policyVersion: '1' } as const;
const copy = { key: 'k', bytes: 3, sha256: 'x', at: START, quarantined: false };
const step = (one: Recording, now: number, about: RecordedCall | undefined = call(), policy = POLICY) =>
  nextStep(one, about, policy, now);

describe('a report of a recording', () => {
  const report: fc.Arbitrary<RecordingReport> = fc.record(
    {
      status: fc.constantFrom('in-progress', 'paused', 'processing', 'completed', 'absent', 'failed', 'odd'),
      durationSeconds: fc.nat({ max: 9 }),
      errorCode: fc.constantFrom(16101, 16102),
    },
    { requiredKeys: ['status'] },
  );
  const fold = (reports: readonly RecordingReport[]) =>
    reports.reduce<Recording | undefined>(
      (known, one) => reportRecording(known, NAME, one, { now: START, owner: 'o' }) ?? known,
      undefined,
    );
  const distinct = fc.uniqueArray(report, { selector: ({ status }) => status, minLength: 1 });

  test('is joined in any order and any multiplicity to the same record', () => {
    fc.assert(
      fc.property(
        distinct.chain((sent) =>
          fc.tuple(
            fc.constant(sent),
            fc.shuffledSubarray([...sent, ...sent], { minLength: sent.length * 2 }),
          ),
        ),
        ([sent, arrived]) => expect(fold(arrived)).toEqual(fold(sent)),
      ),
      { numRuns: 1_000 },
    );
  });

  test('of completed media stands above all others', () => {
    fc.assert(
      fc.property(distinct, (sent) => {
        const record = fold([...sent, { status: 'completed' }]);
        expect(statusOf(record ?? { reports: [] })).toBe('completed');
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the judgement of a recording', () => {
  test.each([
    ['a notice before it', recording(), call(), 'permitted'],
    [
      'a notice after it began',
      recording(),
      call({ notices: [{ ...call().notices[0]!, givenAt: START }] }),
      'unproved',
    ],
    ['no notice', recording(), call({ notices: [] }), 'unproved'],
    ['a notice where a key press is wanted', recording(), call({ places: ['DE'] }), 'unproved'],
    ['no record of its call', recording(), undefined, 'unproved'],
    ['places that want nothing', recording(), call({ places: ['US-TX'], notices: [] }), 'permitted'],
    [
      'the voice of a caller who leaves a message',
      recording({ source: 'RecordVerb' }),
      undefined,
      'permitted',
    ],
    [
      'a notice, and a start that nobody told',
      recording({ startedAt: undefined as never }),
      call(),
      'permitted',
    ],
  ])('with %s: %s', (_what, one, about, kind) => {
    expect(judge(one, about, POLICY).kind).toBe(kind);
  });

  test('names the proof: which wording of which policy, and when', () => {
    expect(judge(recording(), call(), POLICY)).toEqual({
      kind: 'permitted',
      required: 'notice',
      policyVersion: '1',
      noticeId: 'announcement-en',
      noticeGivenAt: START - 11 * MINUTE,
    });
  });
});

describe('the next step of a recording', () => {
  test.each([
    ['judged as soon as its proof is there', recording(), START, { kind: 'judge' }],
    [
      'copied once it is permitted',
      recording({ verdict: permitted }),
      START,
      { kind: 'copy', quarantined: false },
    ],
    [
      'left at Twilio until our copy is old enough',
      recording({ verdict: permitted, copy }),
      START + 59 * MINUTE,
      { kind: 'wait', until: START + 60 * MINUTE },
    ],
    [
      'then deleted there',
      recording({ verdict: permitted, copy }),
      START + 60 * MINUTE,
      { kind: 'delete-at-twilio' },
    ],
    [
      'kept with us for its days',
      recording({ verdict: permitted, copy, deletedAtTwilioAt: START }),
      START + 60 * MINUTE,
      { kind: 'wait', until: START + 90 * DAY },
    ],
    [
      'then erased',
      recording({ verdict: permitted, copy, deletedAtTwilioAt: START }),
      START + 90 * DAY,
      { kind: 'erase' },
    ],
    [
      'done when nothing is left',
      recording({ verdict: permitted, copy, erasedAt: START }),
      START,
      { kind: 'end' },
    ],
    [
      'deleted at Twilio in the end, even if it could never be copied',
      recording({ verdict: permitted }),
      START + 90 * DAY,
      { kind: 'delete-at-twilio' },
    ],
    [
      'closed where nothing was recorded',
      recording({ reports: [{ status: 'absent' }] }),
      START,
      { kind: 'close-as-absent' },
    ],
    [
      'looked at where no end was told',
      recording({ reports: [{ status: 'in-progress' }] }),
      START + 240 * MINUTE,
      { kind: 'look' },
    ],
    [
      'forgotten after seven looks',
      recording({ reports: [{ status: 'in-progress' }], looks: 7 }),
      START,
      { kind: 'end' },
    ],
  ])('is: %s', (_what, one, now, expected) => {
    expect(step(one, now)).toMatchObject(expected);
  });

  test('without proof is to wait for it, then the judgement', () => {
    const bare = call({ notices: [] });
    expect(step(recording(), START, bare)).toEqual({ kind: 'wait', until: START + 30 * MINUTE });
    expect(step(recording(), START + 30 * MINUTE, bare)).toMatchObject({
      kind: 'judge',
      verdict: { kind: 'unproved' },
    });
  });

  test('of an unproved one is quarantine, and Twilio has to let it go at once', () => {
    const bare = call({ notices: [] });
    expect(step(recording({ verdict: unproved }), START, bare)).toEqual({ kind: 'copy', quarantined: true });
    expect(step(recording({ verdict: unproved, copy }), START, bare)).toEqual({ kind: 'delete-at-twilio' });
    const gone = recording({ verdict: unproved, copy, deletedAtTwilioAt: START });
    expect(step(gone, START, bare)).toEqual({ kind: 'wait', until: START + 14 * DAY });
    expect(step(gone, START + 14 * DAY, bare)).toEqual({ kind: 'erase' });
  });

  test('of an unproved one is deletion without a copy, where the policy says so', () => {
    const strict: RecordingPolicy = { ...POLICY, withoutProof: { ...POLICY.withoutProof, action: 'delete' } };
    const bare = call({ notices: [] });
    expect(step(recording({ verdict: unproved }), START, bare, strict)).toEqual({ kind: 'delete-at-twilio' });
    expect(step(recording({ verdict: unproved, deletedAtTwilioAt: START }), START, bare, strict)).toEqual({
      kind: 'end',
    });
  });

  test('of a quarantined one whose proof came late is to permit it', () => {
    expect(step(recording({ verdict: unproved, copy }), START)).toMatchObject({
      kind: 'judge',
      verdict: { kind: 'permitted' },
    });
  });

  test('never erases our copy while Twilio has another, and never copies what is not judged', () => {
    const some = fc.record({
      verdict: fc.constantFrom(undefined, permitted, unproved),
      copy: fc.constantFrom(undefined, copy),
      deletedAtTwilioAt: fc.constantFrom(undefined, START),
    });
    fc.assert(
      fc.property(some, fc.integer({ min: 0, max: 200 }), fc.boolean(), (state, days, isProved) => {
        const one = recording(
          Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined)),
        );
        const next = step(one, START + days * DAY, isProved ? call() : call({ notices: [] }));
        if (next.kind === 'erase') expect(one.deletedAtTwilioAt).toBeDefined();
        if (next.kind === 'copy') expect(one.verdict).toBeDefined();
        if (next.kind === 'wait') expect(next.until).toBeGreaterThan(START + days * DAY);
      }),
      { numRuns: 1_000 },
    );
  });

  test('puts the copy under account, call and recording', () => {
    expect(copyKeyOf(recording(), { quarantined: true, format: 'mp3' })).toBe(
      `quarantine/AC${'2'.repeat(32)}/CA${'3'.repeat(32)}/RE${'1'.repeat(32)}.mp3`,
    );
  });
});
