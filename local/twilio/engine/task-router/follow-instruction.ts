import type { Instruction } from '../../domain/task-router/instruction.ts';
import { type ReservationRecord, readAttributes } from '../../domain/task-router/records.ts';
import { validateCall } from '../../domain/voice/validate-call.ts';
import { findLive } from '../voice/live-call.ts';
import { acceptCall } from '../voice/start-call.ts';
import { findAccount, report, type World } from '../world.ts';
import { dequeueToWorker } from './dequeue-to-worker.ts';
import { subjectOfReservation } from './events.ts';
import { setActivity, settle } from './route-tasks.ts';

/** Does what an assignment callback or the API said about a reservation. */
export function followInstruction(
  world: World,
  reservation: ReservationRecord,
  instruction: Instruction,
): void {
  const { task, worker } = subjectOfReservation(world, reservation);
  if (!task || !worker) return;
  switch (instruction.instruction) {
    case 'accept':
      settle(world, reservation, 'accepted');
      return;
    case 'reject':
      settle(world, reservation, 'rejected');
      if (instruction.activity_sid) setActivity(world, worker, instruction.activity_sid);
      return;
    case 'dequeue':
      dequeue(world, reservation, instruction);
      return;
    case 'call':
      call(world, reservation, instruction);
      return;
    case 'redirect':
      findLive(world, instruction.call_sid)?.strand.send({
        kind: 'redirected',
        source: { kind: 'page', url: instruction.url, method: 'POST' },
      });
      if (instruction.accept) settle(world, reservation, 'accepted');
      return;
  }
}

/** The worker's phone: as the instruction says, otherwise the worker's `contact_uri`. */
function phoneOf(world: World, reservation: ReservationRecord, to: string | undefined): string | undefined {
  const { worker } = subjectOfReservation(world, reservation);
  const contact = readAttributes(worker?.attributes ?? '')?.contact_uri;
  return to ?? (typeof contact === 'string' ? contact : undefined);
}

function dequeue(
  world: World,
  reservation: ReservationRecord,
  instruction: Extract<Instruction, { instruction: 'dequeue' }>,
): void {
  const { task } = subjectOfReservation(world, reservation);
  const callSid = readAttributes(task?.attributes ?? '')?.call_sid;
  const to = phoneOf(world, reservation, instruction.to);
  if (typeof callSid !== 'string' || to === undefined) {
    fail(world, reservation, {
      errorCode: 40140,
      detail: 'the task has no call_sid, or nobody can be called',
    });
    return;
  }
  dequeueToWorker(world, reservation, {
    callSid,
    to,
    from: instruction.from,
    timeoutMs: (instruction.timeout ?? 60) * 1000,
    postWorkActivitySid: instruction.post_work_activity_sid,
    statusCallbackUrl: instruction.status_callback_url,
  });
}

/** Calls the worker with a document of the application's, which takes the caller by `<Dial><Queue reservationSid>`. */
function call(
  world: World,
  reservation: ReservationRecord,
  instruction: Extract<Instruction, { instruction: 'call' }>,
): void {
  const { workspace } = subjectOfReservation(world, reservation);
  const account = findAccount(world, workspace.accountSid);
  const to = phoneOf(world, reservation, instruction.to) ?? '';
  const form = new URLSearchParams({ To: to, From: instruction.from, Url: instruction.url });
  if (instruction.timeout !== undefined) form.set('Timeout', `${instruction.timeout}`);
  if (instruction.status_callback_url) form.set('StatusCallback', instruction.status_callback_url);
  const validation = validateCall(form, {
    now: world.clock.now(),
    numbers: account?.numbers.map(({ phoneNumber }) => phoneNumber) ?? [],
    queuedMs: 0,
  });
  if (validation.kind === 'invalid' || !account) {
    const detail = validation.kind === 'invalid' ? validation.error.message : 'there is no account';
    fail(world, reservation, { errorCode: 40001, detail });
    return;
  }
  acceptCall(world, account, validation.command);
  if (instruction.accept) settle(world, reservation, 'accepted');
}

interface Failure {
  readonly errorCode: number;
  readonly detail: string;
}

function fail(world: World, reservation: ReservationRecord, { errorCode, detail }: Failure): void {
  const { workspace } = subjectOfReservation(world, reservation);
  report(world, {
    accountSid: workspace.accountSid,
    level: 'ERROR',
    errorCode,
    detail,
    resourceSid: reservation.sid,
  });
  settle(world, reservation, 'canceled');
}
