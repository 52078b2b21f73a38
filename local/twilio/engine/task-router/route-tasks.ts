import { matchesExpression } from '../../domain/task-router/expression.ts';
import { planRoute } from '../../domain/task-router/plan-route.ts';
import {
  type ReservationRecord,
  readAttributes,
  readConfiguration,
  type TaskRecord,
  type WorkerRecord,
  type WorkflowRecord,
} from '../../domain/task-router/records.ts';
import { findLive } from '../voice/live-call.ts';
import { newSid, type World } from '../world.ts';
import { askForInstruction } from './assign.ts';
import { emit, emitWorker, subjectOfReservation, subjectOfTask } from './events.ts';

export interface NewTask {
  readonly workflow: WorkflowRecord;
  /** JSON object. */
  readonly attributes: string;
  readonly priority?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly taskChannel: string;
}

const defaultTimeoutSeconds = 86_400;

/** A task enters its workflow and the first queue there; somebody is asked for it as soon as somebody is free. */
export function createTask(world: World, given: NewTask): TaskRecord {
  const now = world.clock.now();
  const { workflow } = given;
  const configuration = readConfiguration(workflow.configuration);
  const attributes = readAttributes(given.attributes) ?? {};
  const task: TaskRecord = {
    sid: newSid(world, 'WT'),
    workspaceSid: workflow.workspaceSid,
    workflowSid: workflow.sid,
    taskChannel: given.taskChannel,
    timeoutSeconds: given.timeoutSeconds ?? defaultTimeoutSeconds,
    createdAt: now,
    updatedAt: now,
    attributes: given.attributes,
    priority: given.priority ?? 0,
    status: 'pending',
    reason: '',
    route: configuration ? planRoute(configuration, attributes) : [],
    step: -1,
    queueEnteredAt: now,
    rejections: 0,
    notBefore: {},
  };
  world.state.taskRouter.tasks[task.sid] = task;
  emit(world, 'task.created', subjectOfTask(world, task));
  emit(world, 'workflow.entered', subjectOfTask(world, task));
  world.clock.schedule(now + task.timeoutSeconds * 1000, async () => {
    if (task.status === 'pending' || task.status === 'reserved') cancelTask(world, task, 'Task TTL Exceeded');
  });
  enterNextQueue(world, task);
  return task;
}

/** The next target of the workflow; after the last one the task is canceled. */
function enterNextQueue(world: World, task: TaskRecord): void {
  const next = task.route[task.step + 1];
  if (!next) {
    emit(world, 'workflow.timeout', subjectOfTask(world, task));
    cancelTask(world, task, 'Workflow timeout');
    return;
  }
  const step = task.step + 1;
  task.step = step;
  task.queueEnteredAt = world.clock.now();
  if (next.priority !== undefined) task.priority = next.priority;
  emit(world, 'task-queue.entered', subjectOfTask(world, task));
  const { timeoutMs } = next;
  if (timeoutMs !== undefined) {
    world.clock.schedule(world.clock.now() + timeoutMs, async () => {
      if (task.status !== 'pending' || task.step !== step) return;
      emit(world, 'task-queue.timeout', subjectOfTask(world, task));
      enterNextQueue(world, task);
    });
  }
  routeSoon(world, task.workspaceSid);
}

/** After everything else of this instant, so that what led to it is told first. */
export function routeSoon(world: World, workspaceSid: string, afterMs = 0): void {
  world.clock.schedule(world.clock.now() + afterMs, async () => {
    route(world, workspaceSid);
  });
}

/** Highest priority first, then the oldest; of the workers whoever has been idle longest. */
function route(world: World, workspaceSid: string): void {
  const waiting = Object.values(world.state.taskRouter.tasks)
    .filter((task) => task.workspaceSid === workspaceSid && task.status === 'pending')
    .sort((one, other) => other.priority - one.priority || one.createdAt - other.createdAt);
  for (const task of waiting) {
    const worker = findWorker(world, task);
    if (worker) reserve(world, task, worker);
  }
}

function findWorker(world: World, task: TaskRecord): WorkerRecord | undefined {
  const { taskRouter } = world.state;
  const step = task.route[task.step];
  const queue = taskRouter.taskQueues[step?.queueSid ?? ''];
  if (!step || !queue) return undefined;
  const taskAttributes = readAttributes(task.attributes) ?? {};
  const fits = (worker: WorkerRecord) => {
    const attributes = readAttributes(worker.attributes) ?? {};
    return (
      matchesExpression(queue.targetWorkers, attributes) &&
      matchesExpression(step.expression ?? '', {
        ...taskAttributes,
        task: taskAttributes,
        worker: attributes,
      })
    );
  };
  return Object.values(taskRouter.workers)
    .filter((worker) => worker.workspaceSid === task.workspaceSid && isFree(world, worker))
    .filter((worker) => (task.notBefore[worker.sid] ?? 0) <= world.clock.now() && fits(worker))
    .sort((one, other) => one.idleSince - other.idleSince)[0];
}

/** One task at a time for each worker. */
function isFree(world: World, worker: WorkerRecord): boolean {
  const { activities, reservations } = world.state.taskRouter;
  const busy = Object.values(reservations).some(
    ({ workerSid, status }) =>
      workerSid === worker.sid && ['pending', 'accepted', 'wrapping'].includes(status),
  );
  return !busy && (activities[worker.activitySid]?.available ?? false);
}

function reserve(world: World, task: TaskRecord, worker: WorkerRecord): void {
  const now = world.clock.now();
  const reservation: ReservationRecord = {
    sid: newSid(world, 'WR'),
    workspaceSid: task.workspaceSid,
    taskSid: task.sid,
    workerSid: worker.sid,
    createdAt: now,
    updatedAt: now,
    status: 'pending',
  };
  world.state.taskRouter.reservations[reservation.sid] = reservation;
  changeTask(world, task, 'reserved');
  emit(world, 'reservation.created', subjectOfReservation(world, reservation));
  const workflow = world.state.taskRouter.workflows[task.workflowSid];
  const timeoutMs = (workflow?.taskReservationTimeout ?? 120) * 1000;
  world.clock.schedule(now + timeoutMs, async () => {
    settle(world, reservation, 'timeout');
  });
  world.clock.schedule(now, () => askForInstruction(world, reservation));
}

/** How long a worker who did not take a task is left alone with it (assumption: Twilio asks again at once). */
const askAgainAfterMs = 5000;
const mostRejections = 1000;

export type Settlement = 'accepted' | 'rejected' | 'timeout' | 'canceled';

/** A reservation is settled once; whatever comes later changes nothing. */
export function settle(world: World, reservation: ReservationRecord, how: Settlement): boolean {
  if (reservation.status !== 'pending') return false;
  const { tasks, workers } = world.state.taskRouter;
  const [task, worker] = [tasks[reservation.taskSid], workers[reservation.workerSid]];
  reservation.status = how;
  reservation.updatedAt = world.clock.now();
  if (!task || !worker) return true;
  if (how === 'accepted') {
    changeTask(world, task, 'assigned');
    emit(world, 'reservation.accepted', subjectOfReservation(world, reservation));
    return true;
  }
  if (task.status === 'reserved') changeTask(world, task, 'pending');
  emit(world, `reservation.${how}`, subjectOfReservation(world, reservation));
  worker.idleSince = world.clock.now();
  task.notBefore[worker.sid] = world.clock.now() + askAgainAfterMs;
  if (how === 'timeout') setActivity(world, worker, timeoutActivityOf(world, worker));
  if (how === 'rejected') task.rejections += 1;
  if (task.rejections >= mostRejections) cancelTask(world, task, 'Rejected too often');
  routeSoon(world, task.workspaceSid);
  routeSoon(world, task.workspaceSid, askAgainAfterMs);
  return true;
}

const timeoutActivityOf = (world: World, worker: WorkerRecord): string =>
  world.state.taskRouter.workspaces[worker.workspaceSid]?.timeoutActivitySid ?? worker.activitySid;

export function setActivity(world: World, worker: WorkerRecord, activitySid: string): void {
  if (worker.activitySid === activitySid) return;
  worker.activitySid = activitySid;
  worker.statusChangedAt = world.clock.now();
  worker.idleSince = world.clock.now();
  emitWorker(world, 'worker.activity.update', worker);
  routeSoon(world, worker.workspaceSid);
}

/** Work is done: the task, and whoever had it. */
export function completeTask(world: World, task: TaskRecord, reason = ''): void {
  if (task.status === 'completed' || task.status === 'canceled') return;
  task.reason = reason;
  changeTask(world, task, 'completed');
  emit(world, 'task.completed', subjectOfTask(world, task));
  for (const reservation of reservationsOf(world, task)) {
    if (reservation.status !== 'accepted' && reservation.status !== 'wrapping') continue;
    reservation.status = 'completed';
    reservation.updatedAt = world.clock.now();
    emit(world, 'reservation.completed', subjectOfReservation(world, reservation));
    const worker = world.state.taskRouter.workers[reservation.workerSid];
    if (worker) worker.idleSince = world.clock.now();
  }
  routeSoon(world, task.workspaceSid);
}

/** A caller who still waits for it leaves the queue. */
export function cancelTask(world: World, task: TaskRecord, reason: string): void {
  if (task.status === 'completed' || task.status === 'canceled') return;
  task.reason = reason;
  changeTask(world, task, 'canceled');
  for (const reservation of reservationsOf(world, task)) {
    if (reservation.status === 'pending') settle(world, reservation, 'canceled');
  }
  emit(world, 'task.canceled', subjectOfTask(world, task));
  const callSid = readAttributes(task.attributes)?.call_sid;
  if (typeof callSid !== 'string') return;
  findLive(world, callSid)?.strand.send({
    kind: 'dequeued',
    by: { kind: 'task-canceled', taskSid: task.sid },
  });
}

export const reservationsOf = (world: World, task: TaskRecord): ReservationRecord[] =>
  Object.values(world.state.taskRouter.reservations).filter(({ taskSid }) => taskSid === task.sid);

function changeTask(world: World, task: TaskRecord, status: TaskRecord['status']): void {
  task.status = status;
  task.updatedAt = world.clock.now();
}
