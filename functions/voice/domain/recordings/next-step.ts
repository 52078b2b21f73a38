import type { RecordingPolicy } from '../../../shared/contract/recording-policy.ts';
import type { CallLog, GivenNotice } from '../calls/call-log.ts';
import { type Recording, type RecordingVerdict, statusOf } from './recording.ts';
import { requiredBetween, suffices } from './recording-plan.ts';

/** What is to be done with a recording now. */
export type RecordingStep =
  | { readonly kind: 'wait'; readonly until: number }
  /** Read Twilio's own record: no report has said that it is complete. */
  | { readonly kind: 'look' }
  | { readonly kind: 'judge'; readonly verdict: RecordingVerdict }
  | { readonly kind: 'copy'; readonly quarantined: boolean }
  | { readonly kind: 'delete-at-twilio' }
  | { readonly kind: 'erase' }
  | { readonly kind: 'close-as-absent' }
  /** Nothing is left of it, or nothing more can be learned. */
  | { readonly kind: 'end' };

/** What is known of the call when its recording is judged. */
export type RecordedCall = Pick<CallLog, 'places' | 'notices'>;

const MINUTE = 60_000;
const DAY = 86_400_000;
/** A call ends after 24 h at most, and its recording with it. */
const LOOK_EVERY = 4 * 60 * MINUTE;
const MOST_LOOKS = 7;
/** Twilio's start times have whole seconds, and its clock is not ours. */
const CLOCK_TOLERANCE = 2_000;

/** The next step in a recording's life; a pure function of what is known, so that it may be asked at any time. */
export function nextStep(
  recording: Recording,
  call: RecordedCall | undefined,
  policy: RecordingPolicy,
  now: number,
): RecordingStep {
  if (recording.erasedAt !== undefined) return { kind: 'end' };
  const status = statusOf(recording);
  if (status === 'absent' || status === 'failed' || status === 'deleted') return { kind: 'close-as-absent' };
  if (status !== 'completed') return whileIncomplete(recording, now);
  const verdict = judge(recording, call, policy);
  if (recording.verdict?.kind === 'permitted') return ofPermitted(recording, policy, now);
  if (verdict.kind === 'permitted') return { kind: 'judge', verdict };
  if (recording.verdict === undefined) return withoutProofYet(recording, verdict, policy, now);
  return ofUnproved(recording, policy, now);
}

const whileIncomplete = ({ createdAt, looks }: Recording, now: number): RecordingStep => {
  if (looks >= MOST_LOOKS) return { kind: 'end' };
  const lookAt = createdAt + (looks + 1) * LOOK_EVERY;
  return now < lookAt ? { kind: 'wait', until: lookAt } : { kind: 'look' };
};

/** Events have no order: the proof may come after the recording that it permits. */
function withoutProofYet(
  { reportedAt }: Recording,
  verdict: RecordingVerdict,
  { withoutProof }: RecordingPolicy,
  now: number,
): RecordingStep {
  const until = reportedAt + withoutProof.graceMinutes * MINUTE;
  return now < until ? { kind: 'wait', until } : { kind: 'judge', verdict };
}

function ofPermitted(recording: Recording, policy: RecordingPolicy, now: number): RecordingStep {
  const keepUntil = recording.createdAt + policy.keepDays * DAY;
  const { copy, deletedAtTwilioAt } = recording;
  if (copy === undefined && deletedAtTwilioAt === undefined && now < keepUntil)
    return { kind: 'copy', quarantined: false };
  return leave(recording, now, {
    twilio: Math.min(keepUntil, (copy?.at ?? now) + policy.deleteAtTwilioAfterMinutes * MINUTE),
    ours: keepUntil,
  });
}

function ofUnproved(recording: Recording, { withoutProof }: RecordingPolicy, now: number): RecordingStep {
  if (withoutProof.action === 'delete') return leave(recording, now, { twilio: now, ours: now });
  const { copy, deletedAtTwilioAt, createdAt } = recording;
  const keepUntil = createdAt + withoutProof.quarantineDays * DAY;
  if (copy === undefined && deletedAtTwilioAt === undefined && now < keepUntil)
    return { kind: 'copy', quarantined: true };
  return leave(recording, now, { twilio: now, ours: keepUntil });
}

/** Twilio's copy first: as long as it is there, ours is not the last one. */
function leave(
  { copy, deletedAtTwilioAt }: Recording,
  now: number,
  until: { readonly twilio: number; readonly ours: number },
): RecordingStep {
  if (deletedAtTwilioAt === undefined)
    return now < until.twilio ? { kind: 'wait', until: until.twilio } : { kind: 'delete-at-twilio' };
  if (copy === undefined) return { kind: 'end' };
  return now < until.ours ? { kind: 'wait', until: until.ours } : { kind: 'erase' };
}

/** Whether the law's wish is proved: by a notice that is strong enough and was given before the recording began. */
export function judge(
  recording: Pick<Recording, 'source' | 'startedAt'>,
  call: RecordedCall | undefined,
  policy: RecordingPolicy,
): RecordingVerdict {
  const isExempt = policy.needNoProof.some((source) => source === recording.source);
  const required = isExempt ? 'nothing' : requiredBetween(policy, call?.places ?? []);
  const began = recording.startedAt ?? Number.POSITIVE_INFINITY;
  const proof = call?.notices.find(
    ({ obtained, givenAt }: GivenNotice) =>
      suffices(obtained, required) && givenAt <= began + CLOCK_TOLERANCE,
  );
  const about = {
    required,
    policyVersion: proof?.policyVersion ?? policy.version,
    ...(proof === undefined ? {} : { noticeId: proof.noticeId, noticeGivenAt: proof.givenAt }),
  };
  return { kind: required === 'nothing' || proof !== undefined ? 'permitted' : 'unproved', ...about };
}
