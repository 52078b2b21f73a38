import type { PlannedRecording } from './step-environment.ts';

/** What is right everywhere: nothing is recorded before the caller has agreed by a key. */
export const strictestRecording: PlannedRecording = {
  record: true,
  before: 'key-press',
  wording: 'We would like to record this call. To agree, press 1. To go on without a recording, press 2.',
  channels: 'dual',
  noticeId: 'strictest-key-press',
  policyVersion: '1',
  jurisdictions: [],
};
