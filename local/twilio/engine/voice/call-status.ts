import type { CallStatus, EndCause } from '../../domain/voice/call.ts';
import { type LiveCall, write } from './live-call.ts';
import { finishRecordingsOf } from './recordings.ts';
import { reportEvent } from './report-call.ts';

export function startRinging(live: LiveCall): void {
  live.record.status = 'ringing';
  live.record.updatedAt = live.world.clock.now();
  reportEvent(live, 'ringing');
}

/** From here on the call is billed; a second time changes nothing. */
export function answerCall(live: LiveCall): void {
  const { record, world } = live;
  if (record.answeredAt !== null) return;
  record.answeredAt = world.clock.now();
  record.status = 'in-progress';
  record.updatedAt = record.answeredAt;
  write(live, { kind: 'did', what: 'answer', text: '' });
  const limit = record.timeLimitMs;
  if (Number.isFinite(limit)) {
    world.clock.schedule(record.answeredAt + limit, async () => live.strand.send({ kind: 'time-limit' }));
  }
  reportEvent(live, 'answered');
}

const errorVoice = 'We are sorry, an application error has occurred. Goodbye.';

/** The end of a call: its status, its last callback, and Twilio's own voice where there was nothing left to say. */
export function endCall(live: LiveCall, cause: EndCause): void {
  const { record, world } = live;
  if (record.endedAt !== null) return;
  if (cause === 'application-error') {
    if (record.direction === 'inbound') answerCall(live);
    write(live, { kind: 'heard', what: 'error-voice', text: errorVoice, ms: 0 });
  }
  if (cause === 'busy' && record.direction === 'inbound') {
    write(live, { kind: 'heard', what: 'busy-tone', text: 'busy', ms: 0 });
  }
  record.end = cause;
  record.endedAt = world.clock.now();
  record.updatedAt = record.endedAt;
  record.waiting = undefined;
  record.status = record.answeredAt === null ? unansweredStatus(cause) : 'completed';
  record.sipResponseCode ??= record.answeredAt === null ? sipCodeOf(record.status) : 200;
  world.liveCalls.delete(record.sid);
  finishRecordingsOf(world, record);
  reportEvent(live, 'completed');
}

/** https://www.twilio.com/docs/voice/twiml (CallStatus): a rejected call counts as `no-answer`. */
function unansweredStatus(cause: EndCause): CallStatus {
  switch (cause) {
    case 'busy':
      return 'busy';
    case 'canceled':
    case 'completed-by-api':
      return 'canceled';
    case 'rejected':
    case 'no-answer':
    case 'hung-up-by-phone':
      return 'no-answer';
    case 'unreachable':
    case 'application-error':
    case 'simulator-restarted':
      return 'failed';
    case 'hangup-verb':
    case 'end-of-document':
    case 'peer-hung-up':
    case 'time-limit':
      return 'completed';
  }
}

/** 486 and 487 as captured, 404 as documented for a number that cannot be reached. */
function sipCodeOf(status: CallStatus): number {
  switch (status) {
    case 'busy':
      return 486;
    case 'failed':
      return 404;
    case 'no-answer':
    case 'canceled':
      return 487;
    case 'queued':
    case 'ringing':
    case 'in-progress':
    case 'completed':
      return 200;
  }
}
