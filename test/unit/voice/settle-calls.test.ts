import { describe, expect, test } from '@jest/globals';
import type {
  TwilioCallRecord,
  TwilioCallRecords,
} from '../../../functions/shared/ports/twilio-call-records.ts';
import { CALL_LOGS } from '../../../functions/voice/call-log-item.ts';
import { recordCall } from '../../../functions/voice/record-call/record-call.ts';
import { readRecord } from '../../../functions/voice/record-store.ts';
import { readRecordingPolicy } from '../../../functions/voice/recording-policy.ts';
import { createHandler } from '../../../functions/voice/settle-calls/handler.ts';
import { lambdaContext } from '../../fakes/messaging/lambda-events.ts';
import { CallStage, sid } from '../../fakes/voice/call-stage.ts';

const CALL = sid('CA');
const LEG = sid('CA', 2);
const MINUTE = 60_000;
const POLICY = readRecordingPolicy();

class SettleStage extends CallStage {
  call: TwilioCallRecord | undefined = {
    callSid: CALL,
    status: 'completed',
    from: '+14155550123',
    to: '+15125550123',
    durationSeconds: 49,
  };
  legs: readonly TwilioCallRecord[] = [];
  refusals = 0;
  asked = 0;
  readonly twilio: TwilioCallRecords = {
    fetchCall: async () => {
      this.asked += 1;
      if (this.refusals > 0) return { kind: 'unavailable', reason: `refusal ${this.refusals--}` };
      return this.call === undefined ? { kind: 'absent' } : { kind: 'found', call: this.call };
    },
    listLegs: async () => ({ kind: 'legs', legs: this.legs }),
  };
  #runs = 0;

  async status(CallStatus: string, SequenceNumber: string): Promise<void> {
    const fields = { CallSid: CALL, CallStatus, SequenceNumber, From: '+14155550123', To: '+15125550123' };
    const event = await this.receive('status', fields);
    if (event.type === 'call.status-reported.v1') await recordCall(event, `o${SequenceNumber}`, this, POLICY);
    this.drainEvents();
  }

  async run() {
    this.#runs += 1;
    return createHandler(POLICY, this)({}, { ...lambdaContext(55_000), awsRequestId: `run-${this.#runs}` });
  }

  read = (callSid = CALL) => readRecord(CALL_LOGS, callSid, this);
}

describe('a look at a call', () => {
  test('repairs an end whose callback was lost', async () => {
    const stage = new SettleStage();
    await stage.status('ringing', '1');
    stage.now += 15 * MINUTE;
    expect(await stage.run()).toEqual({ handled: 1, failed: 0, unfinished: false });
    expect((await stage.read())?.reports.at(-1)).toEqual({ status: 'completed', durationSeconds: 49 });
    expect(stage.drainEvents()).toMatchObject([
      { type: 'call.looked-up.v1', data: { state: 'completed', found: true, missingCallbacks: 1, look: 1 } },
    ]);
  });

  test('comes again until the price is known, and then no more', async () => {
    const stage = new SettleStage();
    await stage.status('completed', '0');
    stage.now += 5 * MINUTE;
    await stage.run();
    expect((await stage.read())?.dueAt).toBe(stage.now + 60 * MINUTE);
    if (stage.call !== undefined) stage.call = { ...stage.call, price: '-0.0085', priceUnit: 'USD' };
    stage.now += 60 * MINUTE;
    await stage.run();
    expect(await stage.read()).toMatchObject({ price: '-0.0085', priceUnit: 'USD' });
    expect(await stage.read()).not.toHaveProperty('dueAt');
    expect(stage.drainEvents().at(-1)).toMatchObject({
      data: { price: '-0.0085', priceUnit: 'USD', look: 2 },
    });
  });

  test('without a price is given up after a day', async () => {
    const stage = new SettleStage();
    await stage.status('completed', '0');
    for (let look = 0; look < 6; look += 1) {
      stage.now = (await stage.read())?.dueAt ?? stage.now;
      await stage.run();
    }
    expect(stage.asked).toBe(4);
  });

  test('finds the legs of which no callback came', async () => {
    const stage = new SettleStage();
    stage.legs = [
      { callSid: LEG, status: 'busy', from: '+15125550123', to: '+493012345678', parentCallSid: CALL },
    ];
    await stage.status('completed', '0');
    stage.now += 5 * MINUTE;
    await stage.run();
    expect(await stage.read(LEG)).toMatchObject({ parentCallSid: CALL, places: ['DE', 'US-TX'] });
    expect(stage.drainEvents()).toMatchObject([
      { type: 'call.progressed.v1', data: { callSid: LEG, parentCallSid: CALL, state: 'busy' } },
      { type: 'call.looked-up.v1', data: { legs: 1 } },
    ]);
    expect(JSON.stringify(stage.tables.items('voice'))).not.toMatch(/4930|51255/);
  });

  test('that Twilio does not answer fails the run, and is made again by the next one', async () => {
    const stage = new SettleStage();
    await stage.status('completed', '0');
    stage.now += 5 * MINUTE;
    stage.refusals = 1;
    await expect(stage.run()).rejects.toThrow('1 due calls could not be looked after');
    expect(await stage.run()).toMatchObject({ handled: 1, failed: 0 });
  });

  test('at a call that Twilio does not know is told, and repeated: its books are eventually consistent', async () => {
    const stage = new SettleStage();
    stage.call = undefined;
    await stage.status('ringing', '1');
    stage.now += 15 * MINUTE;
    await stage.run();
    expect(stage.drainEvents()).toMatchObject([{ data: { found: false, state: 'ringing' } }]);
    expect((await stage.read())?.dueAt).toBe(stage.now + 60 * MINUTE);
  });

  test('is not made before its time', async () => {
    const stage = new SettleStage();
    await stage.status('completed', '0');
    await stage.run();
    expect(stage.asked).toBe(0);
  });
});
