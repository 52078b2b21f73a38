import { type EventSubject, eventParameters } from '../../domain/task-router/event-parameters.ts';
import type { ReservationRecord, TaskRecord, WorkerRecord } from '../../domain/task-router/records.ts';
import { planCallback } from '../voice/plan-callback.ts';
import { newSid, type World } from '../world.ts';

/** Tells the workspace's EventCallbackUrl, if its filter lets the event pass. */
export function emit(world: World, type: string, subject: EventSubject): void {
  const { workspace } = subject;
  const wanted = workspace.eventsFilter
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  if (!workspace.eventCallbackUrl || (wanted.length > 0 && !wanted.includes(type))) return;
  const event = { sid: newSid(world, 'EV'), type, at: world.clock.now() };
  const { task, reservation, worker } = subject;
  planCallback(world, {
    kind: 'task-router',
    accountSid: workspace.accountSid,
    resourceSid: reservation?.sid ?? task?.sid ?? worker?.sid ?? workspace.sid,
    event: type,
    hook: { url: workspace.eventCallbackUrl, method: 'POST' },
    params: eventParameters(event, subject),
  });
}

/** Everything that is known of a task, for an event or an assignment. */
export function subjectOfTask(world: World, task: TaskRecord): EventSubject {
  const { taskRouter } = world.state;
  return {
    workspace: workspaceOf(world, task.workspaceSid),
    task,
    workflow: taskRouter.workflows[task.workflowSid],
    queue: taskRouter.taskQueues[task.route[task.step]?.queueSid ?? ''],
  };
}

export function subjectOfReservation(world: World, reservation: ReservationRecord): EventSubject {
  const { tasks, workers, activities } = world.state.taskRouter;
  const task = tasks[reservation.taskSid];
  const worker = workers[reservation.workerSid];
  return {
    ...(task ? subjectOfTask(world, task) : { workspace: workspaceOf(world, reservation.workspaceSid) }),
    reservation,
    worker,
    activityName: activities[worker?.activitySid ?? '']?.friendlyName,
  };
}

export function emitWorker(world: World, type: string, worker: WorkerRecord): void {
  const activityName = world.state.taskRouter.activities[worker.activitySid]?.friendlyName;
  emit(world, type, { workspace: workspaceOf(world, worker.workspaceSid), worker, activityName });
}

export function workspaceOf(world: World, sid: string) {
  const workspace = world.state.taskRouter.workspaces[sid];
  if (!workspace) throw new Error(`The workspace ${sid} is gone while something in it is under way`);
  return workspace;
}
