import type { CallIntent } from '../../../functions/messaging/domain/intent.ts';
import type { CallPool } from '../../../functions/shared/contract/settings.ts';
import { ATTEMPT, NOON } from './intents.ts';
import { CALL_INTENT_ID, callSidOf } from './sample-call-events.ts';
import { ACCOUNT } from './settings.ts';

export const CALL_POOL: CallPool = {
  name: 'voice-transactional',
  accountSid: ACCOUNT,
  channel: 'voice',
  trafficClass: 'transactional',
  from: '+14155550100',
  concurrency: 2,
  deadlineSeconds: 3_600,
  callsPerSecond: 1,
  ringSeconds: 30,
  redial: [
    { status: 'busy', waitSeconds: [300, 900] },
    { status: 'no-answer', waitSeconds: [1_800] },
    { status: 'failed', sipResponseCodes: [503, 504], waitSeconds: [30, 120] },
  ],
  unknownOutcome: { policy: 'park', settleSeconds: 86_400 },
};

/** A call requested at noon, due at once, no attempt of which begins after one o'clock. */
export const pendingCall = (changes: Partial<CallIntent> = {}): CallIntent => ({
  id: CALL_INTENT_ID,
  version: 1,
  state: 'PENDING',
  clientId: 'clinic',
  requestHash: 'hash',
  accountSid: ACCOUNT,
  channel: 'voice',
  trafficClass: 'transactional',
  pool: 'voice-transactional',
  from: '+14155550100',
  flow: 'appointment',
  context: { appointment: 'a-3' },
  ringSeconds: 30,
  to: '+14155550123',
  correlationId: 'appointment-3',
  createdAt: NOON,
  updatedAt: NOON,
  notBefore: NOON,
  deadline: NOON + 3_600_000,
  dueAt: NOON + 300_000,
  owner: 'api',
  reports: [],
  ...changes,
});

/** Its first attempt was accepted, as its own answer says. */
export const placedCall = (changes: Partial<CallIntent> = {}): CallIntent =>
  pendingCall({
    version: 3,
    state: 'ACCEPTED',
    attempt: ATTEMPT,
    sid: callSidOf(1),
    acceptedAt: NOON + 1_000,
    evidence: 'response',
    ...changes,
  });

/** It rang, and ended so. */
export const endedCall = (status: string, changes: Partial<CallIntent> = {}): CallIntent =>
  placedCall({ version: 5, reports: [{ status }], status: { state: status }, ...changes });
