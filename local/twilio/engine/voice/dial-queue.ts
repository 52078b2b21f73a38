import { type ReservationRecord, readAttributes, type TaskRecord } from '../../domain/task-router/records.ts';
import { dequeueParameters, type QueueMember, type QueueRecord } from '../../domain/voice/queue.ts';
import type { Dial, DialQueue } from '../../twiml/voice/verbs.ts';
import { completeTask, setActivity, settle } from '../task-router/route-tasks.ts';
import { type Dialed, pageOf } from './dial.ts';
import type { LiveCall } from './live-call.ts';
import type { Place } from './place.ts';
import { findQueue } from './queues.ts';
import { isInterrupt } from './signals.ts';
import { takeMember } from './take-member.ts';
import { nextSignal } from './wait.ts';

interface Dequeuing {
  readonly verb: Dial;
  readonly queue: DialQueue;
  readonly place: Place;
}

/** Connects with the first in the queue, or with the next who comes before the timeout. */
export async function dialQueue(live: LiveCall, dequeuing: Dequeuing): Promise<Dialed> {
  const { world, account } = live;
  if (dequeuing.queue.reservationSid !== undefined) return dialReserved(live, dequeuing);
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
  const page = pageOf(place, noun.whisper);
  const extra = dequeueParameters(queue, member, { callSid: record.sid, now: world.clock.now() });
  const whisper = page?.kind === 'page' ? { ...page, extra } : undefined;
  const { timeLimitMs, hangupOnStar } = verb;
  const talked = await takeMember(live, { queue, member, whisper, timeLimitMs, hangupOnStar });
  if (talked === undefined || talked.kind === 'interrupted') return talked;
  return { kind: 'over', status: 'completed', callSid: member.callSid, bridgedMs: talked.ms };
}

/** Takes the caller of a reserved task, which is accepted by that; afterwards the task is done. */
async function dialReserved(live: LiveCall, dequeuing: Dequeuing): Promise<Dialed> {
  const { world, account } = live;
  const reserved = reservedCall(live, dequeuing.queue);
  const queue = reserved && findQueue(world, account.accountSid, reserved.task.workflowSid);
  const member = queue?.members.find(({ callSid }) => callSid === reserved?.callSid);
  if (!reserved || !queue || !member) return { kind: 'over', status: 'failed' };
  settle(world, reserved.reservation, 'accepted');
  const dialed = await take(live, dequeuing, { queue, member });
  completeTask(world, reserved.task);
  const worker = world.state.taskRouter.workers[reserved.reservation.workerSid];
  const { postWorkActivitySid } = dequeuing.queue;
  if (worker && postWorkActivitySid !== undefined) setActivity(world, worker, postWorkActivitySid);
  return dialed ?? { kind: 'over', status: 'failed' };
}

/** `reservationSid` names the caller of the reservation's task, and accepts it. */
function reservedCall({ world }: LiveCall, { reservationSid }: DialQueue): Reserved | undefined {
  const reservation = world.state.taskRouter.reservations[reservationSid ?? ''];
  const task = world.state.taskRouter.tasks[reservation?.taskSid ?? ''];
  const callSid = readAttributes(task?.attributes ?? '')?.call_sid;
  return reservation && task && typeof callSid === 'string' ? { reservation, task, callSid } : undefined;
}

interface Reserved {
  readonly reservation: ReservationRecord;
  readonly task: TaskRecord;
  readonly callSid: string;
}
