import { METRICS } from '../../shared/contract/metrics.ts';
import type { RecordingPolicy } from '../../shared/contract/recording-policy.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { CALL_LOGS } from '../call-log-item.ts';
import { applyResult, STUCK_AFTER } from '../domain/recordings/apply-result.ts';
import { nextStep } from '../domain/recordings/next-step.ts';
import { type Recording, reportRecording } from '../domain/recordings/recording.ts';
import { changeRecord, type Decision, type Moment, readRecord, type StorePorts } from '../record-store.ts';
import { RECORDINGS } from '../recording-item.ts';
import { type StepPorts, type Taken, takeStep } from './take-step.ts';
import { tellResult } from './tell-result.ts';

export interface KeepPorts extends StorePorts, StepPorts {
  readonly observer: Observer;
}

/** More steps than a recording has in one day of its life. */
const MOST_STEPS = 6;

/** Takes a recording as far as it can go now: judged, copied, deleted at Twilio, erased here, each when its time has come. */
export async function keepRecording(
  recordingSid: string,
  owner: string,
  policy: RecordingPolicy,
  ports: KeepPorts,
): Promise<void> {
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const recording = await readRecord(RECORDINGS, recordingSid, ports);
    if (recording?.dueAt === undefined || recording.dueAt > ports.clock()) return;
    const call =
      recording.callSid === undefined ? undefined : await readRecord(CALL_LOGS, recording.callSid, ports);
    const step = nextStep(recording, call, policy, ports.clock());
    const taken = await takeStep(recording, step, policy, ports);
    observe(recording, taken, ports.observer);
    await write(recording, taken, `${owner}#${steps}`, policy, ports);
  }
}

/** What was done is true whatever was written meanwhile; what was decided is decided anew. */
async function write(
  before: Recording,
  taken: Taken,
  owner: string,
  policy: RecordingPolicy,
  ports: KeepPorts,
): Promise<void> {
  const decide = (known: Recording | undefined, moment: Moment): Decision<Recording> => {
    const isOvertaken = known?.version !== before.version;
    if (known === undefined || (isOvertaken && !IS_DONE.has(taken.kind))) return { kind: 'unchanged' };
    const record = applyResult(withReport(known, taken, moment), taken, moment);
    const versioned = { ...record, version: known.version + 1 };
    return { kind: 'changed', record: versioned, outbox: tellResult(versioned, taken, policy) };
  };
  await changeRecord(RECORDINGS, { id: before.recordingSid, owner, decide }, ports);
}

const IS_DONE: ReadonlySet<Taken['kind']> = new Set(['copied', 'deleted-at-twilio', 'erased']);

const withReport = (known: Recording, { report }: Taken, moment: Moment): Recording =>
  report === undefined ? known : (reportRecording(known, known, report, moment) ?? known);

function observe(recording: Recording, taken: Taken, observer: Observer): void {
  observer.count(METRICS.recordingStep, 1, taken.kind);
  if (taken.kind === 'judged' && taken.verdict.kind === 'unproved')
    observer.count(METRICS.recordingQuarantined);
  if (taken.kind !== 'failed') return;
  const { recordingSid, failures } = recording;
  observer.warn('step with a recording failed', {
    sid: recordingSid,
    step: taken.step,
    reason: taken.reason,
    failures,
  });
  if (failures + 1 >= STUCK_AFTER) observer.count(METRICS.recordingStuck);
}
