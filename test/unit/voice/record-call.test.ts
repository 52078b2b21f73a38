import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import { CALL_LOGS } from '../../../functions/voice/call-log-item.ts';
import { type CallEvent, recordCall } from '../../../functions/voice/record-call/record-call.ts';
import { readRecord } from '../../../functions/voice/record-store.ts';
import { readRecordingPolicy } from '../../../functions/voice/recording-policy.ts';
import { ACCOUNT, CallStage, sid } from '../../fakes/voice/call-stage.ts';

const CALL = sid('CA');
const POLICY = readRecordingPolicy();

const isCallEvent = (event: TrunklineEvent): event is CallEvent =>
  ['call.status-reported.v1', 'call.machine-detected.v1', 'call.notice-given.v1'].includes(event.type);

const record = (stage: CallStage, event: TrunklineEvent, owner = `${event.id} at ${stage.now}`) => {
  if (!isCallEvent(event)) throw new Error(event.type);
  return recordCall(event, owner, stage, POLICY);
};

const read = (stage: CallStage, callSid = CALL) => readRecord(CALL_LOGS, callSid, stage);

const STATUSES = ['initiated', 'ringing', 'in-progress', 'completed'];
const status = (number: number, fields = {}) => ({
  CallSid: CALL,
  CallStatus: STATUSES[number] ?? 'completed',
  SequenceNumber: String(number),
  From: '+14155550123',
  To: '+493012345678',
  Timestamp: 'Sun, 01 Mar 2026 12:00:00 +0000',
  ...fields,
});

const notice = (givenAt: string): TrunklineEvent => ({
  id: `voice/CALL#${CALL}/3/0`,
  time: givenAt,
  accountSid: ACCOUNT,
  correlationId: CALL,
  type: 'call.notice-given.v1',
  data: {
    callSid: CALL,
    noticeId: 'key-press-en',
    policyVersion: POLICY.version,
    consent: 'key-press',
    jurisdictions: ['DE', 'US-CA'],
  },
});

describe('a call status', () => {
  test('begins the record of a call that nobody knew, and tells of it', async () => {
    const stage = new CallStage();
    expect(await record(stage, await stage.receive('status', status(1)))).toBe('recorded');
    expect(await read(stage)).toMatchObject({
      version: 1,
      accountSid: ACCOUNT,
      reports: [{ status: 'ringing' }],
    });
    expect(stage.drainEvents().filter(({ type }) => type === 'call.progressed.v1')).toMatchObject([
      {
        id: `voice/CALLLOG#${CALL}/1/0`,
        causationId: `inbox/CS#${CALL}#1#ringing/1/0`,
        data: { state: 'ringing', status: 'ringing', explanation: 'first report: ringing' },
      },
    ]);
  });

  test('keeps the places of both ends, and no number', async () => {
    const stage = new CallStage();
    await record(stage, await stage.receive('status', status(1)));
    expect((await read(stage))?.places).toEqual(['DE', 'US-CA']);
    expect(JSON.stringify(stage.tables.items('voice'))).not.toMatch(/415555|493012/);
  });

  test('that comes again changes nothing', async () => {
    const stage = new CallStage();
    const event = await stage.receive('status', status(3));
    await record(stage, event);
    expect(await record(stage, event)).toBe('known');
    expect((await read(stage))?.version).toBe(1);
  });

  test('of a leg belongs to the leg, and names the call that made it', async () => {
    const stage = new CallStage();
    await record(
      stage,
      await stage.receive('status', status(3, { CallSid: sid('CA', 2), ParentCallSid: CALL })),
    );
    expect(await read(stage)).toBeUndefined();
    expect(await read(stage, sid('CA', 2))).toMatchObject({ parentCallSid: CALL });
    expect(stage.drainEvents().at(-1)).toMatchObject({
      data: { callSid: sid('CA', 2), parentCallSid: CALL },
    });
  });

  test('whose inbox item is gone is no status', async () => {
    const stage = new CallStage();
    const event = await stage.receive('status', status(1));
    expect(await record(new CallStage(), event)).toBe('missing');
  });

  test('with a word that nobody knows is kept, counted and ranked lowest', async () => {
    const stage = new CallStage();
    await record(stage, await stage.receive('status', status(1)));
    await record(stage, await stage.receive('status', status(2, { CallStatus: 'parked' })));
    expect(stage.observer.total('UnknownStatus')).toBe(1);
    expect(stage.drainEvents().at(-1)).toMatchObject({ data: { state: 'ringing', status: 'parked' } });
  });

  test('against another write to the same record is joined to what stands then', async () => {
    const stage = new CallStage();
    const first = await stage.receive('status', status(1));
    const second = await stage.receive('status', status(2));
    await Promise.all([record(stage, first), record(stage, second)]);
    expect((await read(stage))?.reports.map((report) => report.status)).toEqual(['ringing', 'in-progress']);
  });
});

describe('the record of a call', () => {
  test('is the same whatever order its webhooks come in, and however often', async () => {
    const build = async (order: readonly number[]) => {
      const stage = new CallStage();
      const events = [
        ...(await Promise.all([0, 1, 2, 3].map((number) => stage.receive('status', status(number))))),
        await stage.receive(
          'status',
          status(9, { CallStatus: 'failed', SequenceNumber: '2', SipResponseCode: '487' }),
        ),
        await stage.receive('machine', { CallSid: CALL, AnsweredBy: 'human' }),
        notice('2026-03-01T11:59:00.000Z'),
        { ...notice('2026-03-01T11:59:30.000Z'), id: `voice/CALL#${CALL}/4/0` },
      ];
      for (const at of order) {
        stage.now += 1000;
        const event = events[at];
        if (event !== undefined) await record(stage, event);
      }
      const log = await read(stage);
      return {
        reports: log?.reports,
        notices: log?.notices,
        answeredBy: log?.answeredBy,
        places: log?.places,
      };
    };
    const straight = await build([0, 1, 2, 3, 4, 5, 6, 7]);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7], { minLength: 16 }),
        async (order) => {
          expect(await build(order)).toEqual(straight);
        },
      ),
      { numRuns: 1_000 },
    );
  }, 120_000);

  test.each([
    ['open', 2, '2026-03-01T12:15:00.000Z'],
    ['ended', 3, '2026-03-01T12:05:00.000Z'],
  ])('of an %s call is looked up at Twilio', async (_what, number, dueAt) => {
    const stage = new CallStage();
    await record(stage, await stage.receive('status', status(number)));
    expect(stage.tables.items('voice')).toMatchObject([{ dueShard: 'calls#01', dueAt }]);
  });

  test('keeps the notices that were given, in order', async () => {
    const stage = new CallStage();
    await record(stage, { ...notice('2026-03-01T11:59:30.000Z'), id: 'voice/x/4/0' });
    await record(stage, notice('2026-03-01T11:59:00.000Z'));
    await record(stage, notice('2026-03-01T11:59:00.000Z'));
    expect((await read(stage))?.notices).toEqual([
      {
        noticeId: 'key-press-en',
        policyVersion: POLICY.version,
        obtained: 'key-press',
        givenAt: 1_772_366_340_000,
      },
      {
        noticeId: 'key-press-en',
        policyVersion: POLICY.version,
        obtained: 'key-press',
        givenAt: 1_772_366_370_000,
      },
    ]);
  });
});
