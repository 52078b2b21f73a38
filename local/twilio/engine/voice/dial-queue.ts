import { dequeueParameters, type QueueMember, type QueueRecord } from '../../domain/voice/queue.ts';
import type { Dial, DialQueue } from '../../twiml/voice/verbs.ts';
import { talk, tell } from './bridge.ts';
import { answerCall } from './call-status.ts';
import { type Dialed, pageOf } from './dial.ts';
import { findLive, type LiveCall } from './live-call.ts';
import type { Place } from './place.ts';
import { findQueue, leaveQueue } from './queues.ts';
import { isInterrupt } from './signals.ts';
import { nextSignal } from './wait.ts';

interface Dequeuing {
  readonly verb: Dial;
  readonly queue: DialQueue;
  readonly place: Place;
}

/** Connects with the first in the queue, or with the next who comes before the timeout. */
export async function dialQueue(live: LiveCall, dequeuing: Dequeuing): Promise<Dialed> {
  const { world, account } = live;
  const queue = findQueue(world, account.accountSid, dequeuing.queue.name);
  if (!queue) return { kind: 'over', status: 'failed' };
  const until = world.clock.now() + dequeuing.verb.timeoutMs;
  for (;;) {
    const member = queue.members[0];
    if (member) {
      const dialed = await take(live, dequeuing, { queue, member });
      if (dialed) return dialed;
      continue;
    }
    const waited = await waitForMember(live, queue, until);
    if (waited === 'time') return { kind: 'over', status: 'no-answer' };
    if (waited !== 'joined') return waited;
  }
}

async function waitForMember(
  live: LiveCall,
  queue: QueueRecord,
  until: number,
): Promise<'joined' | 'time' | Extract<Dialed, { kind: 'interrupted' }>> {
  const { queueWaiters } = live.world;
  const { sid } = live.record;
  queueWaiters.set(queue.sid, [...(queueWaiters.get(queue.sid) ?? []), sid]);
  try {
    for (;;) {
      const signal = await nextSignal(live, until);
      if (signal === undefined) return 'time';
      if (isInterrupt(signal)) return { kind: 'interrupted', by: signal };
      if (signal.kind === 'member-joined' && queue.members.length > 0) return 'joined';
    }
  } finally {
    queueWaiters.set(
      queue.sid,
      (queueWaiters.get(queue.sid) ?? []).filter((waiter) => waiter !== sid),
    );
  }
}

interface Taken {
  readonly queue: QueueRecord;
  readonly member: QueueMember;
}

/** Undefined where the member has gone before it came to a connection: the next one is taken. */
async function take(
  live: LiveCall,
  { verb, queue: noun, place }: Dequeuing,
  { queue, member }: Taken,
): Promise<Dialed | undefined> {
  const { world, record } = live;
  const other = findLive(world, member.callSid);
  leaveQueue(world, queue, member.callSid);
  if (!other) return undefined;
  const page = pageOf(place, noun.whisper);
  const extra = dequeueParameters(queue, member, { callSid: record.sid, now: world.clock.now() });
  const whisper = page?.kind === 'page' ? { ...page, extra } : undefined;
  other.strand.send({ kind: 'dequeued', by: { kind: 'call', callSid: record.sid, whisper } });
  for (;;) {
    const signal = await nextSignal(live);
    if (signal && isInterrupt(signal)) {
      tell(live, member.callSid, 'peer-gone');
      return { kind: 'interrupted', by: signal };
    }
    const isTheirs = signal && 'callSid' in signal && signal.callSid === member.callSid;
    if (isTheirs && signal.kind === 'leg-answered') break;
    if (isTheirs && (signal.kind === 'leg-over' || signal.kind === 'peer-gone')) return undefined;
  }
  answerCall(live);
  const since = world.clock.now();
  const talked = await talk(live, {
    peerSid: member.callSid,
    until: since + verb.timeLimitMs,
    hangupOnStar: verb.hangupOnStar,
  });
  if (talked.kind === 'interrupted') return talked;
  const bridgedMs = world.clock.now() - since;
  return { kind: 'over', status: 'completed', callSid: member.callSid, bridgedMs };
}
