import type { EventOf } from '../../shared/contract/events.ts';
import { type Recording, type RecordingReport, reportRecording } from '../domain/recordings/recording.ts';
import { changeRecord, type Decision, type Moment, type StorePorts } from '../record-store.ts';
import { RECORDINGS } from '../recording-item.ts';

/** Joins a report to the recording's record, and lets it be looked after. */
export async function recordRecording(
  event: EventOf<'recording.reported.v1'>,
  owner: string,
  ports: StorePorts,
): Promise<'recorded' | 'known'> {
  const { recordingSid } = event.data;
  const name = { recordingSid, accountSid: event.accountSid };
  const decide = (known: Recording | undefined, moment: Moment): Decision<Recording> => {
    const record = reportRecording(known, name, reportOf(event), moment);
    // Its story has the report itself; what becomes of it is told step by step.
    return record === undefined ? { kind: 'unchanged' } : { kind: 'changed', record, outbox: [] };
  };
  const decision = await changeRecord(RECORDINGS, { id: recordingSid, owner, decide }, ports);
  return decision.kind === 'changed' ? 'recorded' : 'known';
}

const reportOf = ({ data }: EventOf<'recording.reported.v1'>): RecordingReport => ({
  status: data.status,
  ...(data.callSid === undefined ? {} : { callSid: data.callSid }),
  ...(data.conferenceSid === undefined ? {} : { conferenceSid: data.conferenceSid }),
  ...(data.source === undefined ? {} : { source: data.source }),
  ...(data.startedAt === undefined ? {} : { startedAt: Date.parse(data.startedAt) }),
  ...(data.durationSeconds === undefined ? {} : { durationSeconds: data.durationSeconds }),
  ...(data.channels === undefined ? {} : { channels: data.channels }),
  ...(data.errorCode === undefined ? {} : { errorCode: data.errorCode }),
});
