import type { CallRecord, RecordingEvent, RecordingOrder } from '../../domain/voice/call.ts';
import { type RecordingRecord, recordingParameters } from '../../domain/voice/recording.ts';
import { newSid, nextOrdinal, type World } from '../world.ts';
import { planCallback } from './plan-callback.ts';

export function startRecording(world: World, call: CallRecord, order: RecordingOrder): RecordingRecord {
  const now = world.clock.now();
  const recording: RecordingRecord = {
    sid: newSid(world, 'RE'),
    accountSid: call.accountSid,
    callSid: call.parentCallSid ?? call.sid,
    order,
    createdAt: now,
    ordinal: nextOrdinal(world, 'recording'),
    updatedAt: now,
    status: 'in-progress',
    endedAt: null,
    skippedMs: 0,
    pauseBehavior: 'silence',
    errorCode: null,
  };
  world.state.voice.recordings[recording.sid] = recording;
  world.state.voice.calls[recording.callSid]?.recordings.push(recording.sid);
  report(world, recording, 'in-progress');
  return recording;
}

const tooShort = 16101;

/**
 * The sound is there only a moment later: status and callback follow then. A recording of nothing is `absent`
 * (https://www.twilio.com/docs/api/errors/16101).
 */
export function finishRecording(world: World, recording: RecordingRecord, lengthMs?: number): void {
  if (recording.endedAt !== null) return;
  resumeRecording(world, recording);
  const now = world.clock.now();
  recording.endedAt = now;
  recording.updatedAt = now;
  recording.lengthMs = lengthMs;
  recording.status = 'processing';
  world.clock.schedule(now + world.timing.recordingMs, async () => {
    const absent = (lengthMs ?? now - recording.createdAt - recording.skippedMs) <= 0;
    recording.status = absent ? 'absent' : 'completed';
    recording.errorCode = absent ? tooShort : null;
    recording.updatedAt = world.clock.now();
    report(world, recording, absent ? 'absent' : 'completed');
  });
}

export function finishRecordingsOf(world: World, call: CallRecord): void {
  for (const recording of recordingsOf(world, call.sid)) finishRecording(world, recording);
}

export const recordingsOf = (world: World, callSid: string): RecordingRecord[] =>
  (world.state.voice.calls[callSid]?.recordings ?? []).flatMap(
    (sid) => world.state.voice.recordings[sid] ?? [],
  );

export function pauseRecording(world: World, recording: RecordingRecord, behavior: 'skip' | 'silence'): void {
  if (recording.status !== 'in-progress') return;
  recording.status = 'paused';
  recording.pauseBehavior = behavior;
  recording.pausedSince = world.clock.now();
  recording.updatedAt = recording.pausedSince;
}

export function resumeRecording(world: World, recording: RecordingRecord): void {
  if (recording.status !== 'paused' || recording.pausedSince === undefined) return;
  const now = world.clock.now();
  if (recording.pauseBehavior === 'skip') recording.skippedMs += now - recording.pausedSince;
  recording.pausedSince = undefined;
  recording.status = 'in-progress';
  recording.updatedAt = now;
}

function report(world: World, recording: RecordingRecord, event: RecordingEvent): void {
  const { callback } = recording.order;
  if (!callback?.events.includes(event)) return;
  planCallback(world, {
    kind: 'recording',
    accountSid: recording.accountSid,
    resourceSid: recording.sid,
    callSid: recording.callSid,
    event,
    hook: callback,
    params: recordingParameters(recording, event, world.publicUrl()),
  });
}
