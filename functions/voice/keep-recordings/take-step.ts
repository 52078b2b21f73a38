import type { RecordingPolicy } from '../../shared/contract/recording-policy.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { type RecordingStore, RecordingStoreError } from '../../shared/ports/recording-store.ts';
import type { NoAnswer } from '../../shared/ports/twilio-ledger.ts';
import type { TwilioRecordings } from '../../shared/ports/twilio-recordings.ts';
import { sha256Hex } from '../../shared/runtime/digest.ts';
import type { FailingStep, StepResult } from '../domain/recordings/apply-result.ts';
import type { RecordingStep } from '../domain/recordings/next-step.ts';
import { copyKeyOf, type Recording, type RecordingReport } from '../domain/recordings/recording.ts';

export interface StepPorts {
  readonly twilio: TwilioRecordings;
  readonly store: RecordingStore;
  readonly clock: Clock;
}

/** A step's result; `report` is what Twilio's own record told. */
export type Taken = StepResult & { readonly report?: RecordingReport; readonly reason?: string };

const BYTES_PER_MEGABYTE = 1024 * 1024;

/** Does with a recording what its next step asks for. Every step may be taken again: nothing is done twice by it. */
export async function takeStep(
  recording: Recording,
  step: RecordingStep,
  policy: RecordingPolicy,
  ports: StepPorts,
): Promise<Taken> {
  switch (step.kind) {
    case 'wait':
      return { kind: 'waits', until: step.until };
    case 'judge':
      return { kind: 'judged', verdict: step.verdict };
    case 'close-as-absent':
      return { kind: 'absent' };
    case 'end':
      return { kind: 'ended' };
    case 'look':
      return look(recording, ports);
    case 'copy':
      return copy(recording, step.quarantined, policy, ports);
    case 'delete-at-twilio':
      return deleteAtTwilio(recording, ports);
    case 'erase':
      return erase(recording, ports);
    default:
      return step satisfies never;
  }
}

async function look(recording: Recording, { twilio }: StepPorts): Promise<Taken> {
  const answer = await twilio.fetchRecording(recording);
  if (answer.kind === 'absent') return { kind: 'looked', report: { status: 'deleted' } };
  return answer.kind === 'found' ? { kind: 'looked', report: answer.recording } : noAnswer('look', answer);
}

/** Fetched whole, written, read back and compared: only then may Twilio's be deleted. */
async function copy(
  recording: Recording,
  quarantined: boolean,
  { copy: { format, maximumMegabytes } }: RecordingPolicy,
  { twilio, store, clock }: StepPorts,
): Promise<Taken> {
  const maximumBytes = maximumMegabytes * BYTES_PER_MEGABYTE;
  const { accountSid, recordingSid, channels } = recording;
  const media = await twilio.readMedia({ accountSid, recordingSid, channels, format, maximumBytes });
  if (media.kind === 'absent') return { kind: 'absent' };
  if (media.kind === 'too-large') return failed('copy', `larger than ${maximumMegabytes} MB`);
  if (media.kind !== 'media') return noAnswer('copy', media);
  const key = copyKeyOf(recording, { quarantined, format });
  const sha256 = sha256Hex(media.bytes);
  return withStore('copy', async () => {
    await store.put({ key, bytes: media.bytes, contentType: CONTENT_TYPES[format] });
    const written = await store.read(key);
    if (written === undefined || sha256Hex(written) !== sha256)
      return failed('copy', 'the copy does not read back as it was written');
    const bytes = media.bytes.byteLength;
    return { kind: 'copied', copy: { key, bytes, sha256, at: clock(), quarantined } };
  });
}

const CONTENT_TYPES = { wav: 'audio/wav', mp3: 'audio/mpeg' };

/** Verified: what Twilio still shows is not deleted. */
async function deleteAtTwilio(recording: Recording, { twilio }: StepPorts): Promise<Taken> {
  const answer = await twilio.deleteRecording(recording);
  if (answer.kind === 'absent') return { kind: 'deleted-at-twilio' };
  if (answer.kind !== 'deleted') return noAnswer('delete-at-twilio', answer);
  const after = await twilio.fetchRecording(recording);
  if (after.kind === 'absent') return { kind: 'deleted-at-twilio' };
  if (after.kind !== 'found') return noAnswer('delete-at-twilio', after);
  return after.recording.status === 'deleted'
    ? { kind: 'deleted-at-twilio' }
    : failed('delete-at-twilio', 'Twilio still shows it');
}

async function erase({ copy: kept }: Recording, { store }: StepPorts): Promise<Taken> {
  if (kept === undefined) return { kind: 'erased' };
  return withStore('erase', async () => {
    await store.delete(kept.key);
    return (await store.read(kept.key)) === undefined
      ? { kind: 'erased' }
      : failed('erase', 'the bucket still has it');
  });
}

async function withStore(step: FailingStep, act: () => Promise<Taken>): Promise<Taken> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof RecordingStoreError)) throw error;
    return failed(step, error.message);
  }
}

const failed = (step: FailingStep, reason: string): Taken => ({ kind: 'failed', step, reason });

const noAnswer = (step: FailingStep, answer: NoAnswer): Taken =>
  failed(
    step,
    answer.kind === 'throttled' ? 'Twilio asks for patience (429)' : `no answer of Twilio: ${answer.reason}`,
  );
