import { rfc2822 } from '../render-message.ts';
import type { WebhookParameters } from '../webhook-parameters.ts';
import type { RecordingEvent, RecordingOrder } from './call.ts';
import { defined } from './call-parameters.ts';

export type RecordingStatus = 'in-progress' | 'paused' | 'stopped' | 'processing' | 'completed' | 'absent';

/** A Recording as the simulated Twilio keeps it. Instants are milliseconds since 1970. */
export interface RecordingRecord {
  readonly sid: string;
  readonly accountSid: string;
  /** Always the parent leg. */
  readonly callSid: string;
  readonly order: RecordingOrder;
  readonly createdAt: number;
  readonly ordinal: number;
  updatedAt: number;
  status: RecordingStatus;
  endedAt: number | null;
  pausedSince?: number | undefined;
  /** Cut out while it was paused with `skip`. */
  skippedMs: number;
  pauseBehavior: 'skip' | 'silence';
  /** Length of a `<Record>`, which knows when somebody spoke. */
  lengthMs?: number | undefined;
  errorCode: number | null;
  deleted?: boolean | undefined;
}

/** Whole seconds; null while it is being made. */
export function recordingSeconds(recording: RecordingRecord): number | null {
  if (recording.endedAt === null) return null;
  const ms = recording.lengthMs ?? recording.endedAt - recording.createdAt - recording.skippedMs;
  return Math.ceil(Math.max(0, ms) / 1000);
}

/** The Recording resource, as account and as call show it. */
export function renderRecording(recording: RecordingRecord, below: 'account' | 'call', publicUrl: string) {
  const { accountSid, callSid, sid, order } = recording;
  const account = `/2010-04-01/Accounts/${accountSid}`;
  const seconds = recordingSeconds(recording);
  const finished = recording.status === 'completed';
  const shared = {
    account_sid: accountSid,
    api_version: '2010-04-01',
    call_sid: callSid,
    channels: order.channels,
    conference_sid: null,
    date_created: rfc2822(recording.createdAt),
    date_updated: rfc2822(recording.updatedAt),
    duration: finished ? `${seconds ?? 0}` : null,
    encryption_details: null,
    error_code: recording.errorCode,
    price_unit: 'USD',
    sid,
    source: order.source,
    start_time: rfc2822(recording.createdAt),
    status: recording.status,
  };
  if (below === 'call') {
    return {
      ...shared,
      price: finished ? -0.0025 : null,
      track: order.track,
      uri: `${account}/Calls/${callSid}/Recordings/${sid}.json`,
    };
  }
  return {
    ...shared,
    media_url: recordingUrl(recording, publicUrl),
    price: finished ? '-0.0025' : null,
    subresource_uris: {
      add_on_results: `${account}/Recordings/${sid}/AddOnResults.json`,
      transcriptions: `${account}/Recordings/${sid}/Transcriptions.json`,
    },
    uri: `${account}/Recordings/${sid}.json`,
  };
}

export const recordingUrl = ({ accountSid, sid }: RecordingRecord, publicUrl: string): string =>
  `${publicUrl}/2010-04-01/Accounts/${accountSid}/Recordings/${sid}`;

/** Field set and order of captured recording callbacks. */
export function recordingParameters(
  recording: RecordingRecord,
  event: RecordingEvent,
  publicUrl: string,
): WebhookParameters {
  const seconds = recordingSeconds(recording);
  return defined([
    ['RecordingSource', recording.order.source],
    ['RecordingSid', recording.sid],
    ['RecordingUrl', recordingUrl(recording, publicUrl)],
    ['RecordingStatus', event],
    ['RecordingChannels', `${recording.order.channels}`],
    ['ErrorCode', `${recording.errorCode ?? 0}`],
    ['CallSid', recording.callSid],
    ['RecordingStartTime', rfc2822(recording.createdAt)],
    ['AccountSid', recording.accountSid],
    ['RecordingTrack', recording.order.track],
    ['RecordingDuration', event === 'in-progress' ? undefined : `${seconds ?? 0}`],
  ]);
}
