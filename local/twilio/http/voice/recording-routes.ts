import { pageOf, renderPage } from '../../domain/list-messages.ts';
import { notFound, twilioError } from '../../domain/twilio-error.ts';
import { isWithin } from '../../domain/voice/list-calls.ts';
import { type RecordingRecord, recordingSeconds, renderRecording } from '../../domain/voice/recording.ts';
import { silentMp3, silentWave } from '../../domain/voice/silent-sound.ts';
import { readRecordingOrder } from '../../domain/voice/validate-call.ts';
import {
  finishRecording,
  pauseRecording,
  recordingsOf,
  resumeRecording,
  startRecording,
} from '../../engine/voice/recordings.ts';
import { type ApiCall, type ApiRoute, apiError } from '../api-call.ts';
import { bytes, json, noContent, type Reply } from '../reply.ts';
import { withCall } from './call-routes.ts';

const ofCall = '/Calls/{CallSid}/Recordings';

export const recordingRoutes: readonly ApiRoute[] = [
  { method: 'GET', path: '/Recordings.json', handle: listRecordings },
  {
    method: 'GET',
    path: '/Recordings/{Sid}.json',
    handle: (call) => withRecording(call, show(call, 'account')),
  },
  { method: 'DELETE', path: '/Recordings/{Sid}.json', handle: (call) => withRecording(call, remove) },
  { method: 'GET', path: '/Recordings/{Sid}.wav', handle: (call) => withRecording(call, wave) },
  {
    method: 'GET',
    path: '/Recordings/{Sid}.mp3',
    handle: (call) => withSound(call, (seconds) => bytes('audio/mpeg', silentMp3(seconds))),
  },
  { method: 'GET', path: '/Recordings/{Sid}', handle: (call) => withRecording(call, wave) },
  { method: 'GET', path: `${ofCall}.json`, handle: listRecordingsOfCall },
  { method: 'POST', path: `${ofCall}.json`, handle: startByApi },
  { method: 'GET', path: `${ofCall}/{Sid}.json`, handle: (call) => withRecording(call, show(call, 'call')) },
  {
    method: 'POST',
    path: `${ofCall}/{Sid}.json`,
    handle: (call) => withRecording(call, (recording) => update(call, recording)),
  },
  { method: 'DELETE', path: `${ofCall}/{Sid}.json`, handle: (call) => withRecording(call, remove) },
];

/** `Twilio.CURRENT` is the call's recording that is being made. */
function withRecording(call: ApiCall, answer: (recording: RecordingRecord) => Reply): Reply {
  const { world, account, params, request } = call;
  const { Sid: sid = '', CallSid: callSid } = params;
  const current = () =>
    recordingsOf(world, callSid ?? '').findLast(
      ({ status }) => status === 'in-progress' || status === 'paused',
    );
  const recording = sid === 'Twilio.CURRENT' ? current() : world.state.voice.recordings[sid];
  const visible =
    recording &&
    recording.accountSid === account.accountSid &&
    (callSid === undefined || recording.callSid === callSid) &&
    (!recording.deleted || request.query.get('IncludeSoftDeleted') === 'true');
  return visible ? answer(recording) : apiError(notFound(request.path));
}

const show =
  ({ world }: ApiCall, below: 'account' | 'call', status = 200) =>
  (recording: RecordingRecord): Reply =>
    json(status, renderRecording(recording, below, world.publicUrl()));

function listRecordings(call: ApiCall): Reply {
  const { world, account, request } = call;
  const { query } = request;
  const callSid = query.get('CallSid');
  const own = Object.values(world.state.voice.recordings)
    .filter(({ accountSid }) => accountSid === account.accountSid)
    .filter((recording) => !recording.deleted || query.get('IncludeSoftDeleted') === 'true')
    .filter((recording) => !callSid || recording.callSid === callSid)
    .filter((recording) => isWithin(recording.createdAt, query, 'DateCreated'));
  return page(call, own, 'account');
}

function listRecordingsOfCall(call: ApiCall): Reply {
  return withCall(
    call,
    ({ sid }) =>
      page(
        call,
        recordingsOf(call.world, sid).filter(({ deleted }) => !deleted),
        'call',
      ),
    'CallSid',
  );
}

function page({ world, request }: ApiCall, recordings: RecordingRecord[], below: 'account' | 'call'): Reply {
  const newestFirst = recordings.sort((one, other) => other.ordinal - one.ordinal);
  const result = pageOf(newestFirst, request.query);
  if (result.kind === 'invalid') return apiError(result.error);
  const items = result.page.items.map((recording) => renderRecording(recording, below, world.publicUrl()));
  return json(200, renderPage('recordings', { ...result.page, items }, request));
}

function startByApi(call: ApiCall): Reply {
  return withCall(
    call,
    (record) => {
      if (record.status !== 'in-progress') {
        return apiError(twilioError(21220, 'Requested resource is not eligible for recording'));
      }
      const order = readRecordingOrder(call.form, 'StartCallRecordingAPI');
      return show(call, 'call', 201)(startRecording(call.world, record, order));
    },
    'CallSid',
  );
}

function update(call: ApiCall, recording: RecordingRecord): Reply {
  const { world, form } = call;
  if (recording.endedAt !== null) {
    return apiError(twilioError(21220, 'The recording is not in progress'));
  }
  switch (form.get('Status')) {
    case 'paused':
      pauseRecording(world, recording, form.get('PauseBehavior') === 'skip' ? 'skip' : 'silence');
      break;
    case 'in-progress':
      resumeRecording(world, recording);
      break;
    case 'stopped':
      finishRecording(world, recording);
      break;
    default:
      return apiError(twilioError(20001, 'Status must be paused, in-progress or stopped'));
  }
  return show(call, 'call')(recording);
}

/** Its metadata stay to be seen for a while (`IncludeSoftDeleted`), its sound does not. */
function remove(recording: RecordingRecord): Reply {
  if (recording.endedAt === null) {
    return apiError(twilioError(20009, 'Cannot delete this resource before it is complete', 409));
  }
  recording.deleted = true;
  return noContent();
}

function withSound(call: ApiCall, answer: (seconds: number) => Reply): Reply {
  return withRecording(call, (recording) =>
    recording.status === 'completed' && !recording.deleted
      ? answer(recordingSeconds(recording) ?? 0)
      : apiError(notFound(call.request.path)),
  );
}

const wave = (recording: RecordingRecord): Reply =>
  recording.status === 'completed' && !recording.deleted
    ? bytes('audio/x-wav', silentWave(recordingSeconds(recording) ?? 0, recording.order.channels))
    : apiError(notFound(recording.sid));
