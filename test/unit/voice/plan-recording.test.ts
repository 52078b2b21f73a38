import { describe, expect, test } from '@jest/globals';
import document from '../../../config/recording/policy.json' with { type: 'json' };
import { RecordingPolicy } from '../../../functions/shared/contract/recording-policy.ts';
import { planRecording } from '../../../functions/voice/plan-recording.ts';

const CALIFORNIA = '+14155550100';
const TEXAS = '+15125550100';
const shipped = RecordingPolicy.parse(document);

describe('how a flow speaks the recording policy', () => {
  test('the shipped policy names its notice, its version and the places of both ends', () => {
    const plan = planRecording({ from: CALIFORNIA, to: TEXAS });
    const notice = shipped.notices.find(({ id }) => id === plan.noticeId);

    expect(plan).toMatchObject({ record: true, policyVersion: shipped.version, channels: shipped.channels });
    expect(plan.before).not.toBe('nothing');
    expect(plan.wording).toBe(notice?.wording);
    expect(plan.jurisdictions).toEqual(expect.arrayContaining(['US-CA', 'US-TX']));
  });

  test('where there are no words for what the law wants said, nothing is recorded', () => {
    const speechless = { ...shipped, always: 'key-press', notices: [] } as const;

    expect(planRecording({ from: CALIFORNIA, to: TEXAS }, { ...speechless, notices: [] })).toMatchObject({
      record: false,
    });
  });
});
