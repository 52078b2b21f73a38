import type { ReservationRecord } from '../../domain/task-router/records.ts';
import { endCall } from '../voice/call-status.ts';
import type { LiveCall } from '../voice/live-call.ts';
import { findQueue } from '../voice/queues.ts';
import { ring } from '../voice/ring.ts';
import { afterInterrupt } from '../voice/run-call.ts';
import { behaviourAt, openCall, personAt, startStrand } from '../voice/start-call.ts';
import { takeMember } from '../voice/take-member.ts';
import { findAccount, type World } from '../world.ts';
import { subjectOfReservation } from './events.ts';
import { completeTask, setActivity, settle } from './route-tasks.ts';

export interface Dequeuing {
  /** The caller who waits. */
  readonly callSid: string;
  readonly to: string;
  readonly from?: string | undefined;
  readonly timeoutMs: number;
  readonly postWorkActivitySid?: string | undefined;
  readonly statusCallbackUrl?: string | undefined;
}

/** Calls the worker's phone; whoever answers has accepted and is connected with the caller. */
export function dequeueToWorker(world: World, reservation: ReservationRecord, given: Dequeuing): void {
  const { workspace } = subjectOfReservation(world, reservation);
  const account = findAccount(world, workspace.accountSid);
  const waiting = world.state.voice.calls[given.callSid];
  if (!account || !waiting) {
    settle(world, reservation, 'canceled');
    return;
  }
  const url = given.statusCallbackUrl;
  const worker = openCall(
    world,
    account,
    {
      direction: 'outbound-api',
      from: given.from ?? waiting.to,
      to: given.to,
      statusHook: url ? { url, method: 'POST', events: ['completed'] } : undefined,
    },
    personAt(world, given.to),
  );
  startStrand(worker, () => connect(worker, reservation, given));
}

/** A worker who does not answer has rejected (assumption). */
async function connect(live: LiveCall, reservation: ReservationRecord, given: Dequeuing): Promise<void> {
  const { world } = live;
  const rung = await ring(live, behaviourAt(world, live.record.to), given.timeoutMs);
  if (rung.kind === 'over') {
    settle(world, reservation, 'rejected');
    endCall(live, rung.cause);
    return;
  }
  const { task, worker } = subjectOfReservation(world, reservation);
  const queue = findQueue(world, live.account.accountSid, task?.workflowSid ?? '');
  const member = queue?.members.find(({ callSid }) => callSid === given.callSid);
  if (!queue || !member || !settle(world, reservation, 'accepted')) {
    settle(world, reservation, 'canceled');
    endCall(live, 'peer-hung-up');
    return;
  }
  const talked = await takeMember(live, { queue, member });
  endCall(live, talked?.kind === 'interrupted' ? await afterInterrupt(live, talked.by) : 'peer-hung-up');
  if (task) completeTask(world, task);
  if (worker && given.postWorkActivitySid) setActivity(world, worker, given.postWorkActivitySid);
}
