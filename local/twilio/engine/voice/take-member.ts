import type { Source } from '../../domain/voice/call.ts';
import type { QueueMember, QueueRecord } from '../../domain/voice/queue.ts';
import { type Talked, talk, tell } from './bridge.ts';
import { answerCall } from './call-status.ts';
import { findLive, type LiveCall } from './live-call.ts';
import { leaveQueue } from './queues.ts';
import { isInterrupt } from './signals.ts';
import { nextSignal } from './wait.ts';

export interface Taking {
  readonly queue: QueueRecord;
  readonly member: QueueMember;
  /** Heard by the member before the two are connected. */
  readonly whisper?: Source | undefined;
  readonly timeLimitMs?: number | undefined;
  readonly hangupOnStar?: boolean | undefined;
}

/** Takes somebody out of a queue and talks; undefined where the member has gone before it came to that. */
export async function takeMember(live: LiveCall, taking: Taking): Promise<Talked | undefined> {
  const { world, record } = live;
  const { queue, member, whisper } = taking;
  const other = findLive(world, member.callSid);
  leaveQueue(world, queue, member.callSid);
  if (!other) return undefined;
  other.strand.send({ kind: 'dequeued', by: { kind: 'call', callSid: record.sid, whisper } });
  for (;;) {
    const signal = await nextSignal(live);
    if (signal && isInterrupt(signal)) {
      tell(live, member.callSid, 'peer-gone');
      return { kind: 'interrupted', by: signal, ms: 0 };
    }
    const isTheirs = signal && 'callSid' in signal && signal.callSid === member.callSid;
    if (isTheirs && signal.kind === 'leg-answered') break;
    if (isTheirs && (signal.kind === 'leg-over' || signal.kind === 'peer-gone')) return undefined;
  }
  answerCall(live);
  const { timeLimitMs, hangupOnStar } = taking;
  const until = timeLimitMs === undefined ? undefined : world.clock.now() + timeLimitMs;
  return talk(live, { peerSid: member.callSid, until, hangupOnStar });
}
