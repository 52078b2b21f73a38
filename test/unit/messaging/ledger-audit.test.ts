import { describe, expect, test } from '@jest/globals';
import type { Intent, MessageIntent } from '../../../functions/messaging/domain/intent.ts';
import {
  accountsFor,
  boundsOf,
  dayBefore,
  isOver,
  isSentByApi,
  missingReport,
} from '../../../functions/messaging/domain/ledger-audit.ts';
import { pending } from '../../fakes/messaging/intents.ts';
import { sidOf } from '../../fakes/messaging/scripted-twilio.ts';
import { ACCOUNT } from '../../fakes/messaging/settings.ts';

const accepted = (changes: Partial<MessageIntent> = {}): Intent =>
  pending({ state: 'ACCEPTED', sid: sidOf(1), evidence: 'response', ...changes });

const message = (changes: object = {}) => ({
  messageSid: sidOf(1),
  accountSid: ACCOUNT,
  direction: 'outbound-api',
  status: 'delivered',
  ...changes,
});

describe('the audited day', () => {
  test('is the last one that is over, by UTC', () => {
    expect(dayBefore(Date.parse('2026-03-01T00:00:00.000Z'))).toBe('2026-02-28');
    expect(dayBefore(Date.parse('2026-03-01T23:59:59.999Z'))).toBe('2026-02-28');
  });

  test('has 24 hours', () => {
    expect(boundsOf('2026-02-28')).toEqual({
      from: Date.parse('2026-02-28T00:00:00.000Z'),
      to: Date.parse('2026-02-28T23:59:59.999Z'),
    });
  });

  test.each([
    ['2026-02-28', true],
    ['2026-03-01', false],
    ['2026-03-02', false],
  ])('%s is over at noon of the first of March: %s', (date, expected) => {
    expect(isOver(date, Date.parse('2026-03-01T12:00:00.000Z'))).toBe(expected);
  });
});

describe("a message in Twilio's list", () => {
  test.each([
    ['outbound-api', true],
    ['outbound-reply', false],
    ['outbound-call', false],
    ['inbound', false],
  ])('%s concerns our intents: %s', (direction, expected) => {
    expect(isSentByApi(message({ direction }))).toBe(expected);
  });

  test('is accounted for by the intent that names it', () => {
    expect(accountsFor(accepted(), message())).toBe(true);
    expect(accountsFor(accepted({ sid: sidOf(2) }), message())).toBe(false);
    expect(accountsFor(pending(), message())).toBe(false);
    expect(accountsFor(undefined, message())).toBe(false);
  });

  test('is not accounted for by an intent of another account', () => {
    expect(accountsFor(accepted({ accountSid: `AC${'9'.repeat(32)}` }), message())).toBe(false);
  });

  test('that was detected as a second one has been paged for already', () => {
    const twice = accepted({ sid: sidOf(2), otherSids: [sidOf(1)] });
    expect(accountsFor(twice, message())).toBe(true);
    expect(missingReport(twice, message())).toBeUndefined();
  });
});

describe('a state that Twilio knows and we do not', () => {
  test('is reported where it would change ours', () => {
    const sent = accepted({ reports: [{ status: 'sent' }], status: { state: 'sent' } });
    expect(missingReport(sent, message())).toEqual({ status: 'delivered' });
    expect(missingReport(accepted(), message({ status: 'failed', errorCode: 30_007 }))).toEqual({
      status: 'failed',
      errorCode: 30_007,
    });
  });

  test('is not reported where it is known, or came late', () => {
    const read = accepted({ reports: [{ status: 'read' }], status: { state: 'read' } });
    expect(missingReport(read, message({ status: 'read' }))).toBeUndefined();
    expect(missingReport(read, message({ status: 'sent' }))).toBeUndefined();
  });

  test('is reported for its error alone', () => {
    const failed = accepted({ reports: [{ status: 'failed' }], status: { state: 'failed' } });
    expect(missingReport(failed, message({ status: 'failed', errorCode: 30_003 }))).toEqual({
      status: 'failed',
      errorCode: 30_003,
    });
  });
});
