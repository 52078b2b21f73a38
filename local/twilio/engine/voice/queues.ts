import { defaultQueueSize, type QueueMember, type QueueRecord } from '../../domain/voice/queue.ts';
import { newSid, type World } from '../world.ts';
import { findLive } from './live-call.ts';

export const findQueue = (world: World, accountSid: string, name: string): QueueRecord | undefined =>
  Object.values(world.state.voice.queues).find(
    (queue) => queue.accountSid === accountSid && (queue.friendlyName === name || queue.sid === name),
  );

export function createQueue(
  world: World,
  accountSid: string,
  { friendlyName, maxSize = defaultQueueSize }: { friendlyName: string; maxSize?: number | undefined },
): QueueRecord {
  const now = world.clock.now();
  const queue: QueueRecord = {
    sid: newSid(world, 'QU'),
    accountSid,
    friendlyName,
    maxSize,
    createdAt: now,
    updatedAt: now,
    members: [],
    waits: { count: 0, totalMs: 0 },
  };
  world.state.voice.queues[queue.sid] = queue;
  return queue;
}

/** Whoever waits for somebody to come into the queue is told. */
export function joinQueue(world: World, queue: QueueRecord, callSid: string): QueueMember {
  const member: QueueMember = { callSid, enqueuedAt: world.clock.now() };
  queue.members = [...queue.members, member];
  const waiters = world.queueWaiters.get(queue.sid) ?? [];
  for (const waiter of waiters) findLive(world, waiter)?.strand.send({ kind: 'member-joined' });
  return member;
}

/** False where the call was in the queue no more. */
export function leaveQueue(world: World, queue: QueueRecord, callSid: string): boolean {
  const member = queue.members.find((each) => each.callSid === callSid);
  if (!member) return false;
  queue.members = queue.members.filter((each) => each !== member);
  const waited = world.clock.now() - member.enqueuedAt;
  queue.waits = { count: queue.waits.count + 1, totalMs: queue.waits.totalMs + waited };
  return true;
}
