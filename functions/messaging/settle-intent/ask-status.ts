import type { NoAnswer } from '../../shared/ports/twilio-ledger.ts';
import { advance, sentAtOf } from '../domain/advance.ts';
import { isWaitingToRing } from '../domain/call-status.ts';
import { refuseCancellation } from '../domain/canceling.ts';
import { type CallIntent, type Intent, isCall, type MessageIntent } from '../domain/intent.ts';
import type { StatusReport } from '../domain/status-report.ts';
import { statusRulesOf } from '../domain/status-rules.ts';
import { joinReport } from '../join-report.ts';
import {
  askLater,
  momentOf,
  type SettleCommand,
  type SettleOutcome,
  type SettlePorts,
  write,
} from './settle-steps.ts';

/** A missed callback is repaired by asking; the answer goes through the same join. */
export async function askStatus(
  intent: Intent,
  command: SettleCommand,
  ports: SettlePorts,
): Promise<SettleOutcome> {
  const { sid } = intent;
  if (sid === undefined) return { kind: 'left' };
  const answer = await fetchReport(intent, sid, ports);
  if (answer.kind === 'absent') return pollLater(intent, command, ports);
  if (answer.kind !== 'found') {
    const moment = momentOf(command, ports);
    const next = statusRulesOf(intent).nextPollAt(sentAtOf(intent), intent.trafficClass, moment.now);
    return askLater(intent, { answer, next }, moment, ports);
  }
  if (isStale(intent, answer.report, ports.clock())) return callOff(intent, command, ports);
  const joined = await join(intent, sid, answer.report, command, ports);
  return joined === 'recorded' ? { kind: 'status-recorded' } : pollLater(intent, command, ports);
}

type Report =
  | { readonly kind: 'found'; readonly report: StatusReport }
  | { readonly kind: 'absent' }
  | NoAnswer;

const fetchReport = (intent: Intent, sid: string, ports: SettlePorts): Promise<Report> =>
  isCall(intent) ? fetchCall(intent, sid, ports) : fetchMessage(intent, sid, ports);

async function fetchMessage(
  { accountSid }: MessageIntent,
  messageSid: string,
  { ledger }: SettlePorts,
): Promise<Report> {
  const answer = await ledger.fetchMessage({ accountSid, messageSid });
  if (answer.kind !== 'found') return answer;
  const { status, errorCode } = answer.message;
  return { kind: 'found', report: errorCode === undefined ? { status } : { status, errorCode } };
}

async function fetchCall(
  { accountSid }: CallIntent,
  callSid: string,
  { callLedger }: SettlePorts,
): Promise<Report> {
  const answer = await callLedger.fetchCall({ accountSid, callSid });
  return answer.kind === 'found' ? { kind: 'found', report: { status: answer.call.status } } : answer;
}

/** Twilio has it in its queue still, and its time is over: it must not ring any more. */
const isStale = (intent: Intent, report: StatusReport, now: number): boolean =>
  isCall(intent) && isWaitingToRing(report.status) && now >= intent.deadline;

/** Nothing new: without a next appointment of its own, the guard of this one would ask every few minutes for ever. */
const pollLater = (intent: Intent, command: SettleCommand, ports: SettlePorts): Promise<SettleOutcome> => {
  const later = advance(intent, momentOf(command, ports), { state: intent.state });
  return write(intent, { intent: later, outbox: [] }, 'status-known', ports);
};

/** Twilio's word on a cancellation goes through the same join; too late, and it is what its callbacks say. */
export async function callOff(
  intent: Intent,
  command: SettleCommand,
  ports: SettlePorts,
): Promise<SettleOutcome> {
  const { sid } = intent;
  if (sid === undefined) return { kind: 'left' };
  const answer = await cancel(intent, sid, ports);
  switch (answer.kind) {
    case 'canceled':
      await join(intent, sid, { status: 'canceled' }, command, ports);
      return { kind: 'called-off' };
    case 'asked':
      return pollLater(intent, command, ports);
    case 'too-late':
    case 'absent':
      return intent.cancelRequestedAt === undefined
        ? pollLater(intent, command, ports)
        : write(intent, refuseCancellation(intent, momentOf(command, ports)), 'cancel-refused', ports);
    case 'throttled':
    case 'unavailable':
      return askLater(intent, { answer, next: undefined }, momentOf(command, ports), ports);
    default:
      return answer satisfies never;
  }
}

/** A call says `canceled` at once, or soon: then a callback or the next poll tells. */
async function cancel(intent: Intent, sid: string, { ledger, callLedger }: SettlePorts) {
  const { accountSid } = intent;
  if (!isCall(intent)) return ledger.cancelMessage({ accountSid, messageSid: sid });
  const answer = await callLedger.cancelCall({ accountSid, callSid: sid });
  const isCanceled = answer.kind === 'asked' && answer.call.status === 'canceled';
  return isCanceled ? ({ kind: 'canceled' } as const) : answer;
}

const join = (
  intent: Intent,
  sid: string,
  report: StatusReport,
  { owner }: SettleCommand,
  ports: SettlePorts,
) => joinReport(intent, { ...report, sid, receivedAt: new Date(ports.clock()).toISOString() }, owner, ports);
