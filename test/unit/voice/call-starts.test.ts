import { describe, expect, test } from '@jest/globals';
import { callStartKey, createCallStarts } from '../../../functions/voice/call-starts.ts';

const START = {
  token: 'AAECAwQFBgcICQoLDA0ODw',
  accountSid: 'AC00000000000000000000000000000001',
  intentId: 'itn_1',
  attempt: 2,
  flow: 'appointment',
  context: { date: 'Tuesday' },
  correlationId: 'order-7',
  expiresAt: 1_795_000_000,
};

describe('the step with which an outbound call begins', () => {
  test('is kept under the digest of its token, never under the token', () => {
    const { item } = createCallStarts().put(START);

    expect(item.pk).toMatch(/^START#[0-9a-f]{64}$/);
    expect(item.pk).toBe(callStartKey(START.token));
    expect(JSON.stringify(item)).not.toContain(START.token);
  });

  test('carries what the first fetch needs, and expires', () => {
    const { table, item } = createCallStarts().put(START);

    expect(table).toBe('voice');
    expect(item).toMatchObject({
      accountSid: START.accountSid,
      intentId: 'itn_1',
      attempt: 2,
      flow: 'appointment',
      context: { date: 'Tuesday' },
      correlationId: 'order-7',
      expiresAt: 1_795_000_000,
    });
  });
});
