import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Intent, MessageIntent } from '../../../../functions/messaging/domain/intent.ts';
import {
  attemptOf,
  type ListEvidence,
  type ListedMessage,
  nextLookAt,
  normalizeBody,
  rivalsOf,
  type SettlePolicy,
  settle,
} from '../../../../functions/messaging/domain/settlement.ts';
import { ATTEMPT, armed, NOON } from '../../../fakes/messaging/intents.ts';
import { sidOf } from '../../../fakes/messaging/scripted-twilio.ts';

const instant = (iso: string): number => Date.parse(iso);

const unknown = (changes: Partial<MessageIntent> = {}): MessageIntent =>
  armed({ state: 'UNKNOWN', reason: 'timeout', ...changes });

const armedAt = (iso: string, number = 1) => ({ ...ATTEMPT, number, armedAt: instant(iso) });

const listed = (changes: Partial<ListedMessage> = {}): ListedMessage => ({
  kind: 'message',
  sid: sidOf(1),
  body: 'Your parcel is here.',
  status: 'sent',
  messagingServiceSid: 'MG00000000000000000000000000000001',
  createdAt: instant('2026-03-01T12:00:01Z'),
  ...changes,
});

const evidence = (changes: Partial<ListEvidence> = {}): ListEvidence => ({
  unbound: [],
  rivals: [],
  isComplete: true,
  ...changes,
});

const by = (policy: SettlePolicy, settleSeconds = 600) => ({ policy, settleSeconds });

describe('the cadence', () => {
  test.each([
    ['2026-03-01T12:00:00Z', '2026-03-01T12:00:05Z'],
    ['2026-03-01T12:00:05Z', '2026-03-01T12:00:30Z'],
    ['2026-03-01T12:00:30Z', '2026-03-01T12:02:00Z'],
    ['2026-03-01T12:02:00Z', '2026-03-01T12:10:00Z'],
    ['2026-03-01T12:10:00Z', '2026-03-01T12:30:00Z'],
    ['2026-03-01T12:30:00Z', '2026-03-01T14:00:00Z'],
    ['2026-03-01T14:00:00Z', '2026-03-01T18:00:00Z'],
    ['2026-03-01T18:00:00Z', '2026-03-02T12:00:00Z'],
  ])('at %s the next look is at %s', (now, next) => {
    expect(nextLookAt(NOON, instant(now))).toBe(instant(next));
  });

  test('ends a day after arming', () => {
    expect(nextLookAt(NOON, instant('2026-03-02T12:00:00Z'))).toBeUndefined();
  });
});

describe('bodies are the same', () => {
  test.each([
    ['smart quotes', 'It’s “here”', 'It\'s "here"'],
    ['modifier letters that are read as quotes', 'itʼs', "it's"],
    ['dashes', 'now — or 9–17', 'now - or 9-17'],
    ['an ellipsis', 'wait…', 'wait...'],
    ['spaces of other kinds', 'a\u00a0b\u2009c\u200bd', 'a b cd'],
    ['shortened links', 'See https://example.com/orders/7?x=1 now', 'See https://sho.rt/Ab1 now'],
    ['lines and blanks', 'one\r\n\r\ntwo ', 'one\ntwo'],
    ['compositions', 'cafe\u0301', 'caf\u00e9'],
    ['ligatures', 'ﬁne', 'fine'],
  ])('whatever Twilio does to %s', (_what, ours, theirs) => {
    expect(normalizeBody(theirs)).toBe(normalizeBody(ours));
  });

  test.each([
    ['letters', 'Your code is 111', 'Your code is 112'],
    ['capitals', 'Ann', 'ann'],
    ['umlauts', 'schon', 'schön'],
    ['pictures', 'ok 🎉', 'ok 🎁'],
    ['scripts', 'да', 'нет'],
  ])('but not where they differ in %s', (_what, left, right) => {
    expect(normalizeBody(left)).not.toBe(normalizeBody(right));
  });
});

describe('a listed message can be of an attempt', () => {
  test.each([
    ['2026-03-01T11:54:59Z', false],
    ['2026-03-01T11:55:00Z', true],
    ['2026-03-01T12:05:30Z', true],
    ['2026-03-01T12:05:31Z', false],
  ])('created at %s, five minutes of skew allowed: %s', (createdAt, can) => {
    expect(attemptOf(unknown(), listed({ createdAt: instant(createdAt) })) !== undefined).toBe(can);
  });

  test('unless its words or its sender are others', () => {
    expect(attemptOf(unknown(), listed({ body: 'Another text' }))).toBeUndefined();
    const sender = { messagingServiceSid: 'MG00000000000000000000000000000002' };
    expect(attemptOf(unknown(), listed(sender))).toBeUndefined();
    const { messagingServiceSid: _none, ...withoutSender } = listed();
    expect(attemptOf(unknown(), withoutSender)).toEqual(ATTEMPT);
  });

  test('also of an earlier one that was given up on', () => {
    const second = armedAt('2026-03-01T13:00:00Z', 2);
    const intent = unknown({ attempt: second, unresolvedAttempts: [ATTEMPT] });
    expect(attemptOf(intent, listed())).toEqual(ATTEMPT);
    expect(attemptOf(intent, listed({ createdAt: second.armedAt }))).toEqual(second);
  });

  test.each(['PENDING', 'ACCEPTED', 'REJECTED', 'EXPIRED'] as const)(
    'not of a %s one that is accounted for',
    (state) => {
      expect(attemptOf(unknown({ state }), listed())).toBeUndefined();
    },
  );
});

describe('a rival', () => {
  const other = (changes: Partial<MessageIntent> = {}) => unknown({ id: 'int_other', ...changes });

  test.each(['ARMED', 'UNKNOWN', 'PARKED'] as const)('is another %s intent with the same words', (state) => {
    expect(rivalsOf(unknown(), other({ state }))).toEqual([{ id: 'int_other', armedAt: NOON }]);
  });

  test.each([
    ['the intent itself', unknown()],
    ['one with other words', other({ body: 'Hello' })],
    ['one of another sender', other({ messagingServiceSid: 'MG9' })],
    ['one that is accounted for', other({ state: 'ACCEPTED' })],
    ['one that was armed at another time', other({ attempt: armedAt('2026-03-01T12:10:31Z') })],
  ])('is not %s', (_what, intent) => {
    expect(rivalsOf(unknown(), intent)).toEqual([]);
  });

  test('counts once for every attempt of which nothing is known, whatever has become of the intent', () => {
    const given = other({
      state: 'EXPIRED',
      unresolvedAttempts: [ATTEMPT, armedAt('2026-03-01T12:04:00Z', 2)],
    });
    expect(rivalsOf(unknown(), given)).toHaveLength(2);
  });
});

describe('settling', () => {
  const at = (iso: string) => instant(iso);

  test('matches the one message that can only be this one', () => {
    const decision = settle(
      unknown(),
      evidence({ unbound: [listed()] }),
      by('park'),
      at('2026-03-01T12:00:05Z'),
    );
    expect(decision).toEqual({ kind: 'match', listed: listed() });
  });

  test('matches also past the settle time', () => {
    const late = at('2026-03-03T12:00:00Z');
    expect(settle(unknown(), evidence({ unbound: [listed()] }), by('resend'), late).kind).toBe('match');
  });

  test('looks again at the cadence, and at the settle time at the latest', () => {
    const look = (now: string) => settle(unknown(), evidence(), by('park'), at(now));
    expect(look('2026-03-01T12:00:05Z')).toEqual({ kind: 'look-again', at: at('2026-03-01T12:00:30Z') });
    expect(look('2026-03-01T12:02:00Z')).toEqual({ kind: 'look-again', at: at('2026-03-01T12:10:00Z') });
    const long = settle(unknown(), evidence(), by('park', 7 * 86_400), at('2026-03-02T12:00:00Z'));
    expect(long).toEqual({ kind: 'look-again', at: at('2026-03-08T12:00:00Z') });
  });

  test.each(['park', 'resend', 'expire'] as const)(
    '%s is carried out at the settle time, not a millisecond before',
    (policy) => {
      const settled = (now: number) => settle(unknown(), evidence(), by(policy), now);
      expect(settled(at('2026-03-01T12:09:59.999Z')).kind).toBe('look-again');
      expect(settled(at('2026-03-01T12:10:00Z'))).toMatchObject({ kind: 'settle', policy });
    },
  );

  const rival = { id: 'int_other', armedAt: NOON };
  const PAST = at('2026-03-01T12:10:00Z');

  test.each<[string, Partial<ListEvidence>, Partial<MessageIntent>, string]>([
    ['a rival is open', { rivals: [rival] }, {}, 'identical ones'],
    [
      'a message is there that could be a rival’s',
      { rivals: [rival], unbound: [listed()] },
      {},
      'identical ones',
    ],
    ['the list could not be read to its end', { isComplete: false }, {}, 'too long'],
    [
      'it was sent again already',
      {},
      { unresolvedAttempts: [ATTEMPT], attempt: armedAt('2026-03-01T12:00:00Z', 2) },
      'once already',
    ],
  ])('does not send again where %s', (_why, changes, intent, reason) => {
    expect(settle(unknown(intent), evidence(changes), by('resend'), PAST)).toEqual({
      kind: 'settle',
      policy: 'park',
      reason: expect.stringContaining(reason),
    });
  });

  test('gives up what cannot be sent, matched or decided on any more: its content is gone', () => {
    const { to: _to, body: _body, ...erased } = unknown();
    expect(settle(erased, evidence(), by('resend'), PAST)).toMatchObject({ policy: 'expire' });
  });

  test('takes an earlier attempt’s message while the second is open', () => {
    const intent = unknown({ attempt: armedAt('2026-03-01T13:00:00Z', 2), unresolvedAttempts: [ATTEMPT] });
    const decision = settle(
      intent,
      evidence({ unbound: [listed()] }),
      by('resend'),
      at('2026-03-01T13:00:30Z'),
    );
    expect(decision).toMatchObject({ kind: 'match' });
  });
});

describe('among identical messages', () => {
  const seconds = fc.nat({ max: 60 });

  /** n open intents with the same words, m messages of theirs or of whomever, all within the same minutes. */
  const crowd = fc.record({
    intents: fc.array(seconds, { minLength: 1, maxLength: 6 }),
    messages: fc.array(seconds, { maxLength: 8 }),
  });

  const build = ({ intents, messages }: { intents: readonly number[]; messages: readonly number[] }) => {
    const open = intents.map((second, index) =>
      unknown({ id: `int_${index}`, attempt: { ...ATTEMPT, armedAt: NOON + second * 1_000 } }),
    );
    const unbound = messages.map((second, index) =>
      listed({ sid: sidOf(index), createdAt: NOON + second * 1_000 }),
    );
    return { open, unbound };
  };

  const decide = (intent: Intent, open: readonly Intent[], unbound: readonly ListedMessage[], now: number) =>
    settle(
      intent,
      evidence({ unbound, rivals: open.flatMap((other) => rivalsOf(intent, other)) }),
      by('resend'),
      now,
    );

  test('on the same evidence no message goes to two, and none is taken while there are too few', () => {
    fc.assert(
      fc.property(crowd, (given) => {
        const { open, unbound } = build(given);
        const matched = open.flatMap((intent) => {
          const decision = decide(intent, open, unbound, NOON + 90_000);
          return decision.kind === 'match' ? [decision.listed.sid] : [];
        });
        expect(new Set(matched).size).toBe(matched.length);
        expect(matched).toHaveLength(unbound.length >= open.length ? open.length : 0);
      }),
      { numRuns: 1_000 },
    );
  });

  test('one after the other they take at most as many as there are, and nothing is sent again meanwhile', () => {
    fc.assert(
      fc.property(crowd, (given) => {
        const { open, unbound } = build(given);
        let [left, free] = [open, unbound];
        let resent = 0;
        for (const intent of open) {
          const decision = decide(intent, left, free, NOON + 3_600_000);
          if (decision.kind === 'settle' && decision.policy === 'resend') resent += 1;
          if (decision.kind !== 'match') continue;
          left = left.filter(({ id }) => id !== intent.id);
          free = free.filter(({ sid }) => sid !== decision.listed.sid);
        }
        expect(open.length - left.length).toBeLessThanOrEqual(Math.min(open.length, unbound.length));
        expect(resent).toBe(open.length === 1 && unbound.length === 0 ? 1 : 0);
      }),
      { numRuns: 1_000 },
    );
  });

  test('the order of the list does not matter', () => {
    fc.assert(
      fc.property(crowd, fc.nat(), (given, turn) => {
        const { open, unbound } = build(given);
        const at = turn % (unbound.length + 1);
        const turned = [...unbound.slice(at), ...unbound.slice(0, at)];
        for (const intent of open)
          expect(decide(intent, open, turned, NOON + 90_000)).toEqual(
            decide(intent, open, unbound, NOON + 90_000),
          );
      }),
      { numRuns: 300 },
    );
  });
});
