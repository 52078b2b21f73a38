import { describe, expect, test } from '@jest/globals';
import { auditLedger } from '../../../functions/messaging/audit-ledger/audit-ledger.ts';
import { createHandler } from '../../../functions/messaging/audit-ledger/handler.ts';
import type { MessageIntent } from '../../../functions/messaging/domain/intent.ts';
import { bindingPut } from '../../../functions/messaging/evidence-rows.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import type { TwilioMessage } from '../../../functions/shared/ports/twilio-ledger.ts';
import { FakeLedger, faultsAt } from '../../fakes/fake-ledger.ts';
import { pending } from '../../fakes/messaging/intents.ts';
import { sidOf } from '../../fakes/messaging/scripted-twilio.ts';
import { ACCOUNT } from '../../fakes/messaging/settings.ts';
import { Stage } from '../../fakes/messaging/stage.ts';

const DAY = '2026-02-28';
const at = (time: string): number => Date.parse(`${DAY}T${time}Z`);
const SETTINGS = { accountSids: [ACCOUNT], pageSize: 1000, segments: 3 };

const sent = (number: number, changes: Partial<TwilioMessage> = {}): TwilioMessage => ({
  messageSid: sidOf(number),
  accountSid: ACCOUNT,
  direction: 'outbound-api',
  from: '+14155550100',
  to: '+14155550123',
  body: 'Your parcel is here.',
  status: 'delivered',
  numMedia: 0,
  numSegments: 1,
  createdAt: at('12:00:00') + number * 1000,
  sentAt: at('12:00:01') + number * 1000,
  ...changes,
});

/** At three in the morning of the first of March. */
class AuditStage extends Stage {
  override readonly ledger = new FakeLedger();
  settings = SETTINGS;
  remaining: number[] = [];
  #invocations = 0;

  constructor() {
    super('2026-03-01T03:00:00Z');
  }

  audit(date?: string) {
    this.#invocations += 1;
    const command = {
      owner: `audit-${this.#invocations}`,
      remainingMilliseconds: () => this.remaining.shift() ?? 800_000,
      ...(date === undefined ? {} : { date }),
    };
    return auditLedger(command, this, this.settings);
  }

  /** An intent of ours that Twilio accepted as message `number`. */
  async accepted(number: number, changes: Partial<MessageIntent> = {}): Promise<void> {
    const intent = pending({
      id: `int_${number}`,
      state: 'ACCEPTED',
      sid: sidOf(number),
      evidence: 'response',
      acceptedAt: at('12:00:00') + number * 1000,
      reports: [{ status: 'delivered' }],
      status: { state: 'delivered' },
      ...changes,
    });
    await writeTransition(
      undefined,
      { intent, outbox: [] },
      intent.sid === undefined ? [] : [bindingPut(intent.sid, intent.id, this.now)],
      this,
    );
  }

  record() {
    return this.rows(`LEDGER#${DAY}`).find(({ sk }) => sk === 'LEDGER');
  }
}

const tally = (changes: object = {}) => ({
  twilioMessages: 0,
  acceptedIntents: 0,
  unknownToUs: 0,
  missingAtTwilio: 0,
  statusesRepaired: 0,
  ...changes,
});

describe('a day on which both books agree', () => {
  test('is audited, told by one event an account, and pages nobody', async () => {
    const stage = new AuditStage();
    for (const number of [1, 2, 3]) {
      await stage.accepted(number);
      stage.ledger.add(sent(number));
    }
    stage.drainOutbox();
    const expected = tally({ twilioMessages: 3, acceptedIntents: 3 });
    expect(await stage.audit()).toEqual({ kind: 'audited', date: DAY, tally: expected });
    expect(stage.drainEvents()).toEqual([
      {
        id: `messaging/LEDGER#${DAY}/3/0`,
        time: '2026-03-01T03:00:00.000Z',
        accountSid: ACCOUNT,
        correlationId: `ledger-${DAY}`,
        type: 'ledger.audited.v1',
        data: { date: DAY, ...expected },
      },
    ]);
    expect(stage.count('LedgerMismatch')).toBe(0);
    expect(stage.count('LedgerAudited')).toBe(1);
    expect(stage.record()).toMatchObject({ state: 'done', unknownToUs: [], missingAtTwilio: [] });
  });

  test('needs no request for each message', async () => {
    const stage = new AuditStage();
    for (const number of [1, 2, 3]) {
      await stage.accepted(number);
      stage.ledger.add(sent(number));
    }
    await stage.audit();
    expect(stage.ledger.calls).toEqual(['list first']);
  });

  test('is not audited twice, unless somebody asks for it', async () => {
    const stage = new AuditStage();
    await stage.audit();
    expect(await stage.audit()).toEqual({ kind: 'audited-before', date: DAY });
    await stage.accepted(1);
    stage.ledger.add(sent(1));
    expect(await stage.audit(DAY)).toEqual({
      kind: 'audited',
      date: DAY,
      tally: tally({ twilioMessages: 1, acceptedIntents: 1 }),
    });
  });
});

describe('a message that only Twilio knows', () => {
  test('is a mismatch, named by its SID', async () => {
    const stage = new AuditStage();
    stage.ledger.add(sent(1));
    expect(await stage.audit()).toMatchObject({ tally: tally({ twilioMessages: 1, unknownToUs: 1 }) });
    expect(stage.count('LedgerMismatch')).toBe(1);
    expect(stage.record()).toMatchObject({
      unknownToUs: [{ accountSid: ACCOUNT, messageSid: sidOf(1) }],
    });
  });

  test('is one also where its binding leads to an intent that names another', async () => {
    const stage = new AuditStage();
    await stage.accepted(1);
    await stage.tables.transact([bindingPut(sidOf(2), 'int_1', stage.now)]);
    stage.ledger.add(sent(1), sent(2));
    expect(await stage.audit()).toMatchObject({ tally: { unknownToUs: 1 } });
  });

  test.each(['inbound', 'outbound-reply', 'outbound-call'])(
    'is none of ours when it is %s',
    async (direction) => {
      const stage = new AuditStage();
      stage.ledger.add(sent(1, { direction }));
      expect(await stage.audit()).toMatchObject({ tally: tally() });
    },
  );

  test('of another day is none of this audit', async () => {
    const stage = new AuditStage();
    stage.ledger.add(sent(1, { sentAt: Date.parse('2026-03-01T00:00:00Z') }));
    expect(await stage.audit()).toMatchObject({ tally: tally() });
  });
});

describe('an intent that only we know', () => {
  test('is a mismatch, named by intent and SID', async () => {
    const stage = new AuditStage();
    await stage.accepted(1);
    expect(await stage.audit()).toMatchObject({ tally: tally({ acceptedIntents: 1, missingAtTwilio: 1 }) });
    expect(stage.count('LedgerMismatch')).toBe(1);
    expect(stage.record()).toMatchObject({
      missingAtTwilio: [{ intentId: 'int_1', messageSid: sidOf(1) }],
    });
  });

  test('is none where Twilio has its message under another day, or under none', async () => {
    const stage = new AuditStage();
    await stage.accepted(1, { acceptedAt: at('23:59:59') });
    await stage.accepted(2, { reports: [{ status: 'failed' }], status: { state: 'failed' } });
    const { sentAt: _sentAt, ...neverSent } = sent(2, { status: 'failed' });
    stage.ledger.add(sent(1, { sentAt: Date.parse('2026-03-01T00:00:02Z') }), neverSent);
    expect(await stage.audit()).toMatchObject({ tally: tally({ acceptedIntents: 2 }) });
    expect(stage.ledger.calls.slice(1).sort()).toEqual([1, 2].map((number) => `fetch ${sidOf(number)}`));
  });

  test('was accepted on the day, whatever was written since', async () => {
    const stage = new AuditStage();
    await stage.accepted(1, { acceptedAt: at('00:00:00') - 1 });
    await stage.accepted(2, { acceptedAt: at('00:00:00') });
    await stage.accepted(3, { acceptedAt: at('23:59:59') + 999 });
    await stage.accepted(4, { acceptedAt: at('23:59:59') + 1000 });
    await stage.accepted(5, { state: 'UNKNOWN' });
    expect(await stage.audit()).toMatchObject({ tally: { acceptedIntents: 2 } });
    expect(stage.record()).toMatchObject({
      missingAtTwilio: expect.arrayContaining([
        { intentId: 'int_2', messageSid: sidOf(2) },
        { intentId: 'int_3', messageSid: sidOf(3) },
      ]),
    });
  });

  test('of an account that is not served is left alone', async () => {
    const stage = new AuditStage();
    await stage.accepted(1, { accountSid: `AC${'9'.repeat(32)}` });
    expect(await stage.audit()).toMatchObject({ tally: tally() });
  });
});

describe('a state that no callback has told', () => {
  test('is joined from the list, as a callback would have been', async () => {
    const stage = new AuditStage();
    await stage.accepted(1, { reports: [{ status: 'sent' }], status: { state: 'sent' } });
    stage.ledger.add(sent(1, { status: 'undelivered', errorCode: 30_003 }));
    stage.drainOutbox();
    expect(await stage.audit()).toMatchObject({ tally: { statusesRepaired: 1 } });
    expect(await stage.intent('int_1')).toMatchObject({
      status: { state: 'undelivered', errorCode: 30_003 },
    });
    expect(stage.drainEvents()).toMatchObject([
      { type: 'message.status-recorded.v1', data: { intentId: 'int_1', state: 'undelivered' } },
      { type: 'message.failed.v1', data: { intentId: 'int_1', errorCode: 30_003 } },
      { type: 'ledger.audited.v1' },
    ]);
    expect(stage.count('LedgerMismatch')).toBe(0);
  });

  test('is joined from the message itself where the list of the day has it not', async () => {
    const stage = new AuditStage();
    await stage.accepted(1, { reports: [], acceptedAt: at('23:59:59') });
    stage.ledger.add(sent(1, { sentAt: Date.parse('2026-03-01T00:00:02Z') }));
    expect(await stage.audit()).toMatchObject({ tally: { statusesRepaired: 1 } });
    expect(await stage.intent('int_1')).toMatchObject({ status: { state: 'delivered' } });
  });
});

describe('an audit that cannot go through at once', () => {
  const filled = async (count: number): Promise<AuditStage> => {
    const stage = new AuditStage();
    stage.settings = { ...SETTINGS, pageSize: 2 };
    for (let number = 1; number <= count; number += 1) {
      await stage.accepted(number);
      stage.ledger.add(sent(number));
    }
    stage.ledger.add(sent(99));
    return stage;
  };
  const whole = tally({ twilioMessages: 6, acceptedIntents: 5, unknownToUs: 1 });

  test('goes on with the next page in the next invocation', async () => {
    const stage = await filled(5);
    stage.remaining = [800_000, 60_000];
    expect(await stage.audit()).toEqual({ kind: 'out-of-time', date: DAY });
    expect(stage.record()).toMatchObject({ state: 'listing' });
    stage.ledger.calls.length = 0;
    expect(await stage.audit()).toEqual({ kind: 'audited', date: DAY, tally: whole });
    expect(stage.ledger.calls).toEqual([`list ${sidOf(5)}`, `list ${sidOf(3)}`]);
  });

  test('goes on with the scan in the next invocation, and asks for nothing that was listed', async () => {
    const stage = await filled(5);
    stage.remaining = [800_000, 800_000, 800_000, 60_000];
    expect(await stage.audit()).toEqual({ kind: 'out-of-time', date: DAY });
    expect(stage.record()).toMatchObject({ state: 'scanning' });
    stage.ledger.calls.length = 0;
    expect(await stage.audit()).toEqual({ kind: 'audited', date: DAY, tally: whole });
    expect(stage.ledger.calls).toEqual([]);
  });

  test('waits as long as Twilio wants when it is throttled', async () => {
    const stage = await filled(5);
    stage.ledger.fault = faultsAt('list', 2, { kind: 'throttled', retryAfterSeconds: 7 });
    expect(await stage.audit()).toMatchObject({ kind: 'audited', tally: whole });
    expect(stage.sleeps).toHaveLength(1);
    expect(stage.sleeps[0]).toBeGreaterThanOrEqual(7000);
  });

  test('stops after five refusals, and goes on at that page', async () => {
    const stage = await filled(5);
    const throttled = { kind: 'throttled' } as const;
    stage.ledger.fault = faultsAt('list', 2, throttled, throttled, throttled, throttled, throttled);
    expect(await stage.audit()).toEqual({ kind: 'throttled', date: DAY });
    stage.ledger.calls.length = 0;
    expect(await stage.audit()).toMatchObject({ kind: 'audited', tally: whole });
    expect(stage.ledger.calls[0]).toBe(`list ${sidOf(5)}`);
  });

  test('lists an account anew where Twilio does not answer, and counts nothing twice', async () => {
    const stage = await filled(5);
    stage.ledger.fault = faultsAt('list', 2, { kind: 'unavailable', reason: 'status 400' });
    expect(await stage.audit()).toEqual({ kind: 'unavailable', date: DAY });
    expect(await stage.audit()).toEqual({ kind: 'audited', date: DAY, tally: whole });
    expect(stage.record()).toMatchObject({ unknownToUs: [{ messageSid: sidOf(99) }] });
  });

  test('counts a page of the scan only when all its intents were compared', async () => {
    const stage = new AuditStage();
    for (const number of [1, 2, 3]) await stage.accepted(number);
    stage.ledger.fault = faultsAt('fetch', 2, { kind: 'unavailable', reason: 'ECONNRESET' });
    expect(await stage.audit()).toEqual({ kind: 'unavailable', date: DAY });
    expect(await stage.audit()).toMatchObject({
      kind: 'audited',
      tally: { acceptedIntents: 3, missingAtTwilio: 3 },
    });
  });

  test('leaves the rest to another invocation that has overtaken it', async () => {
    const stage = await filled(5);
    const listMessages = stage.ledger.listMessages.bind(stage.ledger);
    stage.ledger.listMessages = async (list) => {
      stage.ledger.listMessages = listMessages;
      await stage.audit();
      return listMessages(list);
    };
    expect(await stage.audit()).toEqual({ kind: 'overtaken', date: DAY });
    expect(stage.count('LedgerAudited')).toBe(1);
  });
});

describe('the function', () => {
  const invoke = (stage: AuditStage, event: unknown) => {
    const handle = createHandler(stage, stage.settings);
    const context = { awsRequestId: 'r1', getRemainingTimeInMillis: () => 800_000 };
    return handle(event, context as unknown as Parameters<typeof handle>[1]);
  };

  test('audits the day before for the schedule, and the day that an operator names', async () => {
    expect(await invoke(new AuditStage(), {})).toMatchObject({ kind: 'audited', date: DAY });
    expect(await invoke(new AuditStage(), { date: '2026-01-15' })).toMatchObject({ date: '2026-01-15' });
  });

  test('audits no day that is not over', async () => {
    expect(await invoke(new AuditStage(), { date: '2026-03-01' })).toEqual({
      kind: 'not-over',
      date: '2026-03-01',
    });
  });

  test.each(['yesterday', '2026-13-01', 20_260_228])('refuses %s as a date', async (date) => {
    const stage = new AuditStage();
    await expect(invoke(stage, { date })).rejects.toThrow();
    expect(stage.observer.flushes).toBe(1);
  });
});
