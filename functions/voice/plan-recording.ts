import document from '../../config/recording/policy.json' with { type: 'json' };
import type { RecordingPolicy } from '../shared/contract/recording-policy.ts';
import { type CallEnds, recordingPlan } from './domain/recordings/recording-plan.ts';
import type { PlannedRecording } from './domain/step-environment.ts';

/** Synth has judged it by its schema; judging it again would load zod before the first caller is answered. */
const POLICY = document as RecordingPolicy;

/** How a call between these ends may be recorded, as a flow speaks it. */
export const planRecording = (ends: CallEnds, policy: RecordingPolicy = POLICY): PlannedRecording => {
  const { before, notice, channels, places, policyVersion } = recordingPlan(policy, ends);
  return {
    // Without words for what the law wants said, nothing is recorded.
    record: before === 'nothing' || notice !== undefined,
    before,
    wording: notice?.wording ?? '',
    channels,
    noticeId: notice?.id ?? 'none',
    policyVersion,
    jurisdictions: places,
  };
};
