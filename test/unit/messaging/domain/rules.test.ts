import { describe, expect, test } from '@jest/globals';
import { normalizeRecipient } from '../../../../functions/messaging/domain/address.ts';
import { advance } from '../../../../functions/messaging/domain/advance.ts';
import { chooseResponse } from '../../../../functions/messaging/domain/auto-response.ts';
import { dispatchWhenDue, dueShard, dueShardOf } from '../../../../functions/messaging/domain/dispatching.ts';
import { INTENT_STATES, isSettled } from '../../../../functions/messaging/domain/intent.ts';
import { choosePool } from '../../../../functions/messaging/domain/pool.ts';
import { backoffMilliseconds } from '../../../../functions/messaging/domain/timing.ts';
import { intentIdOf, isIntentId } from '../../../../functions/messaging/draft-intent.ts';
import { ATTEMPT, armed, NOON, pending } from '../../../fakes/messaging/intents.ts';
import { OTP, SETTINGS, TRANSACTIONAL } from '../../../fakes/messaging/settings.ts';

describe('a recipient', () => {
  const production = { acceptTestNumbers: false };
  const local = { acceptTestNumbers: true };

  test.each([
    ['+14155550123', '+14155550123'],
    [' +1 (415) 555-0123 ', '+14155550123'],
    ['+1.415.555.0123', '+14155550123'],
    ['+44 (0)20 7946 0958', '+442079460958'],
    ['+4915123456789', '+4915123456789'],
    ['+１４１５５５５０１２３', '+14155550123'],
  ])('%p is taken as %s', (to, address) => {
    expect(normalizeRecipient(to, production)).toEqual({ kind: 'accepted', address });
  });

  test.each([
    ['4155550123', 'must begin with +'],
    ['0049 151 23456789', 'must begin with +'],
    ['whatsapp:+14155550123', 'must begin with +'],
    ['', 'must begin with +'],
    ['+', 'not a possible phone number'],
    ['++14155550123', 'not a possible phone number'],
    ['+1415', 'not a possible phone number'],
    ['+141555501234567', 'not a possible phone number'],
    ['+999123456789', 'not a possible phone number'],
    ['+1 800 FLOWERS', 'not a possible phone number'],
    ['+1415555012x', 'not a possible phone number'],
    ['+14155550123 and more', 'not a possible phone number'],
    ['+14155550123 ext. 5', 'has an extension'],
    ['+14155550123;ext=5', 'has an extension'],
  ])('%p is refused: %s', (to, reason) => {
    expect(normalizeRecipient(to, production)).toEqual({
      kind: 'refused',
      reason: expect.stringContaining(reason),
    });
  });

  test.each(['+15551234567', '+1 (555) 123-4567', '+1–555–123–4567', '+15005550006'])(
    '%p is a test number: taken where they are accepted, and elsewhere as any possible number',
    (to) => {
      const taken = { kind: 'accepted', address: expect.stringMatching(/^\+1(555|500555)\d+$/) };
      expect(normalizeRecipient(to, local)).toEqual(taken);
      expect(normalizeRecipient(to, production)).toEqual(taken);
    },
  );

  test('a fictional number of a real area code is no test number', () => {
    expect(normalizeRecipient('+14155550123', production).kind).toBe('accepted');
  });
});

describe('the sender pool', () => {
  const whatsapp = { ...TRANSACTIONAL, name: 'whatsapp', channel: 'whatsapp' } as const;
  const pools = [OTP, whatsapp, TRANSACTIONAL];

  test.each([
    ['sms', 'otp', OTP],
    ['sms', 'transactional', TRANSACTIONAL],
    ['auto', 'transactional', TRANSACTIONAL],
    ['whatsapp', 'transactional', whatsapp],
    ['whatsapp', 'otp', undefined],
    ['sms', 'marketing', undefined],
  ] as const)('for %s %s', (channel, trafficClass, pool) => {
    expect(choosePool(pools, { channel, trafficClass })).toBe(pool);
  });

  const receipts = { ...TRANSACTIONAL, name: 'receipts', use: 'receipts' };

  test.each([
    ['the one for the use that is named', [TRANSACTIONAL, receipts], 'receipts', receipts],
    ['the one without a use where none is named', [receipts, TRANSACTIONAL], undefined, TRANSACTIONAL],
    ['the first where none is named and each has a use', [OTP, receipts], undefined, receipts],
    ['none where the use is not served', [TRANSACTIONAL, receipts], 'alerts', undefined],
  ] as const)('is %s', (_what, of, use, pool) => {
    const wanted = { channel: 'sms', trafficClass: 'transactional' } as const;
    expect(choosePool(of, use === undefined ? wanted : { ...wanted, use })).toBe(pool);
  });
});

describe('the auto-responder', () => {
  const responder = SETTINGS.autoResponder;
  const text = (body: string, changes = {}) => ({ from: '+14155550123', body, ...changes });
  const { defaultReply: _none, ...withoutDefault } = responder;

  test.each([
    ['a word of a rule', text('Hours'), 'We are open from 9 to 17 h.'],
    ['blanks and capitals aside', text(' \u00a0WHERE\n'), 'You find us at 1 Main Street.'],
    ['the first rule that names it', text('open'), 'We are open from 9 to 17 h.'],
    ['any other text', text('what are your hours?'), 'Thank you, we will answer soon.'],
    ['a text without words', text(''), 'Thank you, we will answer soon.'],
  ])('answers %s', (_what, inbound, body) => {
    expect(chooseResponse(inbound, responder)).toMatchObject({ kind: 'reply', body });
  });

  test.each([
    ['when it is off', text('hours'), { ...responder, enabled: false }, 'off'],
    ['to a keyword', text('Stop', { keyword: 'stop' }), responder, 'keyword'],
    ['to a revocation', text('please stop texting', { keyword: 'revocation' }), responder, 'revocation'],
    ['to what may be one', text('wrong number', { keyword: 'suspected' }), responder, 'operator'],
    ['to what Twilio answers', text('Yes', { answeredByTwilio: true }), responder, 'Twilio'],
    ['to a short code', text('hours', { from: '24273' }), responder, 'not a phone number'],
    ['to a name', text('hours', { from: 'MYBANK' }), responder, 'not a phone number'],
    ['to another channel', text('hours', { from: 'whatsapp:+14155550123' }), responder, 'not a phone number'],
    ['where no rule names the text and there is no default', text('hello'), withoutDefault, 'no rule'],
  ])('is silent %s', (_when, inbound, settings, reason) => {
    expect(chooseResponse(inbound, settings)).toEqual({
      kind: 'silent',
      reason: expect.stringContaining(reason),
    });
  });
});

describe('dispatching', () => {
  const intent = (wait: number) => ({ id: 'int_1', pool: 'otp', notBefore: NOON + wait });

  test.each([
    [-5_000, { dueAt: NOON + 300_000, delaySeconds: 0 }],
    [0, { dueAt: NOON + 300_000, delaySeconds: 0 }],
    [1, { dueAt: NOON + 300_001, delaySeconds: 1 }],
    [60_000, { dueAt: NOON + 360_000, delaySeconds: 60 }],
    [60_001, { dueAt: NOON + 60_001, delaySeconds: undefined }],
  ])('%i ms before its time', (wait, { dueAt, delaySeconds }) => {
    const decision = dispatchWhenDue(intent(wait), NOON);
    expect(decision.dueAt).toBe(dueAt);
    expect(decision.dispatch?.kind === 'dispatch' ? decision.dispatch.delaySeconds : undefined).toBe(
      delaySeconds,
    );
  });

  test('spreads intents over all sixteen shards, always the same for one', () => {
    const shards = new Set(
      Array.from({ length: 200 }, (_, index) => dueShardOf(intentIdOf('shop', `key-${index}`))),
    );
    expect(shards.size).toBe(16);
    expect(dueShardOf('int_000000000000000000000000000000a7')).toBe('due#07');
    expect(dueShard(15)).toBe('due#15');
  });
});

describe('an intent id', () => {
  test('is a function of client and key, and of where one ends and the other begins', () => {
    expect(intentIdOf('shop', 'key')).toBe(intentIdOf('shop', 'key'));
    expect(
      new Set([intentIdOf('shop', 'key'), intentIdOf('shopk', 'ey'), intentIdOf('other', 'key')]).size,
    ).toBe(3);
    expect(isIntentId(intentIdOf('shop', 'key'))).toBe(true);
  });

  test.each(['', 'int_', 'int_000000000000000000000000000000A7', `int_${'0'.repeat(33)}`, 'x'.repeat(5_000)])(
    '%p is none',
    (id) => {
      expect(isIntentId(id)).toBe(false);
    },
  );
});

describe('the next version of an intent', () => {
  const moment = { now: NOON + 1_000, owner: 'me', jitter: 0 };

  test('bears time and owner, and keeps the rest', () => {
    expect(advance(pending(), moment, { state: 'ARMED', dueAt: NOON + 31_000 })).toEqual({
      ...pending(),
      state: 'ARMED',
      version: 2,
      updatedAt: NOON + 1_000,
      owner: 'me',
      dueAt: NOON + 31_000,
    });
  });

  test('has no appointment of the state before', () => {
    expect(advance(armed(), moment, { state: 'REJECTED' }).dueAt).not.toBe(armed().dueAt);
  });

  test.each(INTENT_STATES.filter((state) => isSettled(state) && state !== 'ACCEPTED'))(
    '%s is looked at once more, to erase its content 30 days after its sending',
    (state) => {
      expect(advance(armed(), moment, { state }).dueAt).toBe(Date.parse('2026-03-31T12:00:00Z'));
      const { to: _to, ...erased } = armed();
      expect(advance(erased, moment, { state })).not.toHaveProperty('dueAt');
    },
  );

  test('content of what was never sent is kept for 30 days after its creation', () => {
    const expired = advance(pending(), { ...moment, now: NOON + 7_200_000 }, { state: 'EXPIRED' });
    expect(expired.dueAt).toBe(Date.parse('2026-03-31T12:00:00Z'));
  });

  test('content of what was scheduled far ahead is kept from its sending on', () => {
    const armedAt = Date.parse('2026-06-01T12:00:00Z');
    const sent = armed({ attempt: { ...ATTEMPT, armedAt } });
    expect(advance(sent, { ...moment, now: armedAt }, { state: 'REJECTED' }).dueAt).toBe(
      Date.parse('2026-07-01T12:00:00Z'),
    );
  });

  test.each([
    ['transactional', '2026-03-01T12:00:01Z', '2026-03-01T12:15:00Z'],
    ['transactional', '2026-03-01T12:15:00Z', '2026-03-01T13:00:00Z'],
    ['transactional', '2026-03-01T13:00:00Z', '2026-03-01T16:00:00Z'],
    ['transactional', '2026-03-01T16:00:00Z', '2026-03-02T00:00:00Z'],
    ['transactional', '2026-03-02T00:00:00Z', '2026-03-31T12:00:00Z'],
    ['otp', '2026-03-01T12:00:01Z', '2026-03-01T12:01:00Z'],
    ['otp', '2026-03-01T12:01:00Z', '2026-03-01T12:03:00Z'],
    ['otp', '2026-03-01T12:30:00Z', '2026-03-31T12:00:00Z'],
  ] as const)('ACCEPTED without a final status: %s at %s is asked for at %s', (trafficClass, now, dueAt) => {
    const accepted = armed({ state: 'ACCEPTED', acceptedAt: NOON, trafficClass, status: { state: 'sent' } });
    const next = advance(accepted, { ...moment, now: Date.parse(now) }, { state: 'ACCEPTED' });
    expect(next.dueAt).toBe(Date.parse(dueAt));
  });

  test('ACCEPTED with a final status is not asked for any more', () => {
    const delivered = armed({ state: 'ACCEPTED', acceptedAt: NOON, status: { state: 'delivered' } });
    expect(advance(delivered, moment, { state: 'ACCEPTED' }).dueAt).toBe(Date.parse('2026-03-31T12:00:00Z'));
  });

  test('ACCEPTED whose content was erased is asked for all the same', () => {
    const { to: _to, ...erased } = armed({ state: 'ACCEPTED', acceptedAt: NOON });
    expect(advance(erased, moment, { state: 'ACCEPTED' }).dueAt).toBe(Date.parse('2026-03-01T12:15:00Z'));
  });

  test('only PENDING and ARMED are not settled', () => {
    expect(INTENT_STATES.filter((state) => !isSettled(state))).toEqual(['PENDING', 'ARMED']);
  });
});

test('the wait between tries grows to five minutes and never below what Twilio asks for', () => {
  expect(backoffMilliseconds(0, 0)).toBe(1_000);
  expect(backoffMilliseconds(1_000, 0.9999)).toBeLessThanOrEqual(300_000);
  expect(backoffMilliseconds(1, 0.5, 3_600)).toBe(3_600_000);
});
