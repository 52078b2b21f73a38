import { describe, expect, test } from '@jest/globals';
import type { RecordingPolicy } from '../../../functions/shared/contract/recording-policy.ts';
import { createHandler } from '../../../functions/voice/keep-recordings/handler.ts';
import { recordCall } from '../../../functions/voice/record-call/record-call.ts';
import { recordRecording } from '../../../functions/voice/record-recording/record-recording.ts';
import { readRecord } from '../../../functions/voice/record-store.ts';
import { RECORDINGS } from '../../../functions/voice/recording-item.ts';
import { readRecordingPolicy } from '../../../functions/voice/recording-policy.ts';
import { lambdaContext } from '../../fakes/messaging/lambda-events.ts';
import { ACCOUNT, CallStage, sid } from '../../fakes/voice/call-stage.ts';
import { MemoryRecordingStore, ScriptedRecordings } from '../../fakes/voice/scripted-recordings.ts';

const CALL = sid('CA');
const RECORDING = sid('RE');
const MINUTE = 60_000;
const DAY = 86_400_000;
const POLICY = readRecordingPolicy();
const KEY = `recordings/${ACCOUNT}/${CALL}/${RECORDING}.mp3`;

/** A call between California and Texas, recorded. */
class RecordingStage extends CallStage {
  readonly twilio = new ScriptedRecordings();
  readonly store = new MemoryRecordingStore();
  #runs = 0;

  async begin({ isAnnounced = true, source = 'DialVerb' } = {}): Promise<void> {
    const status = { CallSid: CALL, CallStatus: 'in-progress', From: '+14155550123', To: '+15125550123' };
    const event = await this.receive('status', status);
    if (event.type === 'call.status-reported.v1') await recordCall(event, 'o1', this, POLICY);
    if (isAnnounced) await this.announce();
    await this.report({ RecordingStatus: 'completed', RecordingSource: source });
    this.drainEvents();
  }

  async announce(): Promise<void> {
    const data = {
      callSid: CALL,
      noticeId: 'announcement-en',
      policyVersion: POLICY.version,
      consent: 'announced' as const,
      jurisdictions: ['US-CA', 'US-TX'],
    };
    const envelope = {
      id: 'voice/n',
      time: '2026-03-01T11:50:00.000Z',
      accountSid: ACCOUNT,
      correlationId: CALL,
    };
    await recordCall({ ...envelope, type: 'call.notice-given.v1', data }, 'o2', this, POLICY);
  }

  async report(fields: Readonly<Record<string, string>>): Promise<void> {
    const event = await this.receive('recording', {
      RecordingSid: RECORDING,
      CallSid: CALL,
      RecordingDuration: '60',
      RecordingChannels: '2',
      RecordingStartTime: 'Sun, 01 Mar 2026 11:51:00 +0000',
      ...fields,
    });
    if (event.type === 'recording.reported.v1')
      await recordRecording(event, `o3 ${fields.RecordingStatus}`, this);
  }

  /** One run of the function, by the clock. */
  async run(policy: RecordingPolicy = POLICY) {
    this.#runs += 1;
    const context = { ...lambdaContext(55_000), awsRequestId: `run-${this.#runs}` };
    return createHandler(policy, this)({}, context);
  }

  read = () => readRecord(RECORDINGS, RECORDING, this);
  told = () =>
    this.drainEvents().map(({ type, data }) => `${type} ${'explanation' in data ? data.explanation : ''}`);
}

describe('a recording with its proof', () => {
  test('is judged, copied and read back in one run, and stays at Twilio for an hour', async () => {
    const stage = new RecordingStage();
    await stage.begin();
    expect(await stage.run()).toEqual({ handled: 1, failed: 0, unfinished: false });
    expect([...stage.store.objects.keys()]).toEqual([KEY]);
    expect(stage.twilio.calls).toEqual(['read']);
    expect(stage.told()).toEqual([
      `recording.permitted.v1 may be kept: notice announcement-en of policy ${POLICY.version} was given 2026-03-01T11:50:00.000Z, the recording began 2026-03-01T11:51:00.000Z`,
      'recording.copied.v1 copied, encrypted, 6 bytes, read back and compared',
    ]);
  });

  test('is deleted at Twilio and looked for there, then kept for its days, then erased, each told once', async () => {
    const stage = new RecordingStage();
    await stage.begin();
    await stage.run();
    stage.drainEvents();
    stage.now += 60 * MINUTE;
    await stage.run();
    expect(stage.twilio.calls).toEqual(['read', 'delete', 'fetch']);
    expect(stage.told()).toEqual(['recording.deleted.v1 deleted at Twilio, verified']);
    expect(await stage.run()).toMatchObject({ handled: 0 });
    stage.now += 90 * DAY;
    await stage.run();
    expect(stage.store.objects.size).toBe(0);
    expect(stage.told()).toEqual(['recording.deleted.v1 our copy deleted, verified: nothing is left of it']);
    expect(await stage.read()).not.toHaveProperty('dueAt');
    stage.now += DAY;
    expect(await stage.run()).toMatchObject({ handled: 0 });
  });

  test('that somebody deleted at Twilio already counts as deleted', async () => {
    const stage = new RecordingStage();
    await stage.begin();
    await stage.run();
    stage.twilio.media = undefined;
    stage.now += 60 * MINUTE;
    await stage.run();
    expect(await stage.read()).toMatchObject({ deletedAtTwilioAt: stage.now });
  });

  test('stays at Twilio as long as our copy does not read back as it was written', async () => {
    const stage = new RecordingStage();
    stage.store.isCorrupting = true;
    await stage.begin();
    await stage.run();
    stage.now += 60 * MINUTE;
    stage.store.isCorrupting = false;
    expect(await stage.read()).not.toHaveProperty('copy');
    expect(stage.twilio.calls).not.toContain('delete');
    await stage.run();
    expect(await stage.read()).toMatchObject({ copy: { bytes: 6 } });
  });

  test.each(['no answer', 'bucket', 'too large'])(
    'waits longer every time while copying fails: %s',
    async (what) => {
      const stage = new RecordingStage();
      await stage.begin();
      if (what === 'bucket') stage.store.isDown = true;
      if (what === 'too large') stage.twilio.media = new Uint8Array(101 * 1024 * 1024);
      const dues: number[] = [];
      for (let failure = 1; failure <= 6; failure += 1) {
        if (what === 'no answer') stage.twilio.refusals.push('timeout');
        await stage.run();
        const { dueAt = 0, failures = 0 } = (await stage.read()) ?? {};
        expect(failures).toBe(failure);
        dues.push((dueAt - stage.now) / MINUTE);
        stage.now = dueAt;
      }
      expect(dues).toEqual([1, 2, 4, 8, 16, 32]);
      expect(stage.observer.total('RecordingStuck')).toBe(2);
      expect(stage.told().filter((line) => line.startsWith('recording.stuck'))).toHaveLength(1);
    },
  );
});

describe('a recording without its proof', () => {
  test('is not touched while the proof may still come, and is permitted when it does', async () => {
    const stage = new RecordingStage();
    await stage.begin({ isAnnounced: false });
    await stage.run();
    expect(stage.twilio.calls).toEqual([]);
    await stage.announce();
    stage.now += 30 * MINUTE;
    await stage.run();
    expect([...stage.store.objects.keys()]).toEqual([KEY]);
  });

  test('is quarantined, gone at Twilio at once, told and counted; erased after its days', async () => {
    const stage = new RecordingStage();
    await stage.begin({ isAnnounced: false });
    await stage.run();
    stage.now += 30 * MINUTE;
    await stage.run();
    expect([...stage.store.objects.keys()]).toEqual([`quarantine/${ACCOUNT}/${CALL}/${RECORDING}.mp3`]);
    expect(stage.twilio.media).toBeUndefined();
    expect(stage.observer.total('RecordingQuarantined')).toBe(1);
    expect(stage.told()).toEqual([
      'recording.quarantined.v1 the law wants a notice before the recording, and nothing proves it: it is withheld from everybody',
      'recording.copied.v1 quarantined, encrypted, 6 bytes, read back and compared',
      'recording.deleted.v1 deleted at Twilio, verified',
    ]);
    stage.now += 14 * DAY;
    await stage.run();
    expect(stage.store.objects.size).toBe(0);
  });

  test('is deleted and never copied, where the policy says so', async () => {
    const stage = new RecordingStage();
    await stage.begin({ isAnnounced: false });
    stage.now += 30 * MINUTE;
    await stage.run({ ...POLICY, withoutProof: { ...POLICY.withoutProof, action: 'delete' } });
    expect(stage.twilio.calls).toEqual(['delete', 'fetch']);
    expect(stage.store.objects.size).toBe(0);
  });

  test('needs none where a caller leaves a message', async () => {
    const stage = new RecordingStage();
    await stage.begin({ isAnnounced: false, source: 'RecordVerb' });
    await stage.run();
    expect(stage.told()[0]).toBe('recording.permitted.v1 may be kept: nothing has to be proved (RecordVerb)');
  });
});

describe('a recording of which no end was told', () => {
  test('is looked up at Twilio, and goes on from there', async () => {
    const stage = new RecordingStage();
    await stage.begin();
    const silent = new RecordingStage();
    await silent.announce();
    await silent.report({ RecordingStatus: 'in-progress', RecordingSource: 'RecordVerb' });
    await silent.run();
    silent.now += 240 * MINUTE;
    await silent.run();
    expect(silent.twilio.calls[0]).toBe('fetch');
    expect((await silent.read())?.copy?.bytes).toBe(6);
  });

  test('and of which Twilio knows nothing is closed', async () => {
    const stage = new RecordingStage();
    await stage.report({ RecordingStatus: 'in-progress' });
    stage.twilio.media = undefined;
    await stage.run();
    stage.now += 240 * MINUTE;
    await stage.run();
    expect(stage.told().at(-1)).toContain('recording.absent.v1 nothing was recorded');
    expect(await stage.read()).not.toHaveProperty('dueAt');
  });
});
