import type { EventOf } from '../../../shared/contract/events.ts';
import type { Recording, RecordingCopy, RecordingVerdict } from './recording.ts';

export type FailingStep = EventOf<'recording.stuck.v1'>['data']['step'];

/** What a step came to, once the world was asked. */
export type StepResult =
  | { readonly kind: 'judged'; readonly verdict: RecordingVerdict }
  | { readonly kind: 'copied'; readonly copy: RecordingCopy }
  | { readonly kind: 'deleted-at-twilio' }
  | { readonly kind: 'erased' }
  | { readonly kind: 'looked' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly step: FailingStep }
  | { readonly kind: 'waits'; readonly until: number }
  | { readonly kind: 'ended' };

interface Moment {
  readonly now: number;
  readonly owner: string;
}

const MINUTE = 60_000;
const LONGEST_PAUSE = 6 * 60 * MINUTE;
/** So many failures in a row are no weather any more. */
export const STUCK_AFTER = 5;

/** The recording after a step. What succeeded is followed by the next step at once; what failed waits, longer every time. */
export function applyResult(recording: Recording, result: StepResult, { now, owner }: Moment): Recording {
  const { dueAt: _dueAt, ...kept } = recording;
  const next: Recording = { ...kept, version: recording.version + 1, updatedAt: now, owner, failures: 0 };
  switch (result.kind) {
    case 'judged':
      return { ...next, verdict: result.verdict, dueAt: now };
    case 'copied':
      return { ...next, copy: result.copy, dueAt: now };
    case 'deleted-at-twilio':
      return { ...next, deletedAtTwilioAt: now, dueAt: now };
    case 'erased':
      return { ...next, erasedAt: now };
    case 'looked':
      return { ...next, looks: recording.looks + 1, dueAt: now };
    case 'waits':
      return { ...next, failures: recording.failures, dueAt: result.until };
    case 'failed':
      return { ...next, ...afterFailure(recording, now) };
    case 'absent':
    case 'ended':
      return next;
    default:
      return result satisfies never;
  }
}

const afterFailure = ({ failures }: Recording, now: number) => ({
  failures: failures + 1,
  dueAt: now + Math.min(LONGEST_PAUSE, MINUTE * 2 ** failures),
});
