import { readInstruction } from '../../domain/task-router/instruction.ts';
import { type ReservationRecord, readAttributes, type TaskRecord } from '../../domain/task-router/records.ts';
import { renderReservation, renderTask } from '../../domain/task-router/render.ts';
import { notFound, twilioError } from '../../domain/twilio-error.ts';
import { followInstruction } from '../../engine/task-router/follow-instruction.ts';
import {
  cancelTask,
  completeTask,
  createTask,
  reservationsOf,
  settle,
} from '../../engine/task-router/route-tasks.ts';
import { apiError } from '../api-call.ts';
import { json, noContent, type Reply } from '../reply.ts';
import { listReply, type RouterCall, type RouterRoute } from './router-call.ts';

const reservations = '/Tasks/{TaskSid}/Reservations';

export const taskRoutes: readonly RouterRoute[] = [
  { method: 'GET', path: '/Tasks', handle: listTasks },
  { method: 'POST', path: '/Tasks', handle: create },
  {
    method: 'GET',
    path: '/Tasks/{Sid}',
    handle: (call) => withTask(call, 'Sid', (task) => show(call, task)),
  },
  {
    method: 'POST',
    path: '/Tasks/{Sid}',
    handle: (call) => withTask(call, 'Sid', (task) => update(call, task)),
  },
  {
    method: 'DELETE',
    path: '/Tasks/{Sid}',
    handle: (call) => withTask(call, 'Sid', (task) => remove(call, task)),
  },
  {
    method: 'GET',
    path: reservations,
    handle: (call) => withTask(call, 'TaskSid', (task) => listReservations(call, task)),
  },
  {
    method: 'GET',
    path: `${reservations}/{Sid}`,
    handle: (call) => withReservation(call, (reservation) => showReservation(call, reservation)),
  },
  {
    method: 'POST',
    path: `${reservations}/{Sid}`,
    handle: (call) => withReservation(call, (reservation) => updateReservation(call, reservation)),
  },
  { method: 'GET', path: '/Workers/{WorkerSid}/Reservations', handle: listReservationsOfWorker },
  {
    method: 'POST',
    path: '/Workers/{WorkerSid}/Reservations/{Sid}',
    handle: (call) => withReservation(call, (reservation) => updateReservation(call, reservation)),
  },
];

const show = ({ world }: RouterCall, task: TaskRecord, status = 200): Reply =>
  json(status, renderTask(task, world.state.taskRouter, world.clock.now()));

const showReservation = ({ world }: RouterCall, reservation: ReservationRecord): Reply =>
  json(200, renderReservation(reservation, world.state.taskRouter));

function withTask(call: RouterCall, name: string, answer: (task: TaskRecord) => Reply): Reply {
  const task = call.world.state.taskRouter.tasks[call.params[name] ?? ''];
  return task?.workspaceSid === call.workspace.sid ? answer(task) : apiError(notFound(call.request.path));
}

function withReservation(call: RouterCall, answer: (reservation: ReservationRecord) => Reply): Reply {
  const { TaskSid: taskSid, WorkerSid: workerSid, Sid: sid = '' } = call.params;
  const reservation = call.world.state.taskRouter.reservations[sid];
  const belongs = reservation?.taskSid === taskSid || reservation?.workerSid === workerSid;
  return reservation && belongs ? answer(reservation) : apiError(notFound(call.request.path));
}

function listTasks(call: RouterCall): Reply {
  const { world, workspace, request } = call;
  const { tasks } = world.state.taskRouter;
  const wanted = request.query.get('AssignmentStatus')?.split(',');
  const items = Object.values(tasks).filter(
    (task) => task.workspaceSid === workspace.sid && (!wanted || wanted.includes(task.status)),
  );
  const render = (sid: string) => {
    const task = tasks[sid];
    return task ? renderTask(task, world.state.taskRouter, world.clock.now()) : {};
  };
  return listReply(request, { key: 'tasks', items, render });
}

/** Without a WorkflowSid the workspace's only workflow is meant. */
function create(call: RouterCall): Reply {
  const { world, workspace, form } = call;
  const own = Object.values(world.state.taskRouter.workflows).filter(
    ({ workspaceSid }) => workspaceSid === workspace.sid,
  );
  const sid = form.get('WorkflowSid') ?? (own.length === 1 ? own[0]?.sid : undefined);
  const workflow = own.find((each) => each.sid === sid);
  if (!workflow) return apiError(twilioError(20001, 'WorkflowSid is missing or unknown'));
  const attributes = form.get('Attributes') ?? '{}';
  if (!readAttributes(attributes)) return apiError(twilioError(20001, 'Attributes must be a JSON object'));
  const timeout = Number(form.get('Timeout') ?? 86_400);
  if (!Number.isInteger(timeout) || timeout < 1 || timeout > 1_209_600) {
    return apiError(twilioError(20001, 'Timeout must be a whole number from 1 to 1209600'));
  }
  const task = createTask(world, {
    workflow,
    attributes,
    priority: Number(form.get('Priority') ?? 0),
    timeoutSeconds: timeout,
    taskChannel: form.get('TaskChannel') ?? 'default',
  });
  return show(call, task, 201);
}

function update(call: RouterCall, task: TaskRecord): Reply {
  const { world, form } = call;
  const attributes = form.get('Attributes');
  if (attributes !== null && !readAttributes(attributes)) {
    return apiError(twilioError(20001, 'Attributes must be a JSON object'));
  }
  if (attributes !== null) task.attributes = attributes;
  const status = form.get('AssignmentStatus');
  const reason = form.get('Reason') ?? '';
  if (status === 'completed') completeTask(world, task, reason);
  else if (status === 'canceled') cancelTask(world, task, reason);
  else if (status === 'wrapping' && task.status === 'assigned') task.status = 'wrapping';
  else if (status !== null) {
    return apiError(twilioError(20001, `A task that is ${task.status} cannot become ${status}`));
  }
  task.updatedAt = world.clock.now();
  return show(call, task);
}

function remove({ world }: RouterCall, task: TaskRecord): Reply {
  cancelTask(world, task, 'deleted');
  delete world.state.taskRouter.tasks[task.sid];
  return noContent();
}

function listReservations(call: RouterCall, task: TaskRecord): Reply {
  return reservationsReply(call, reservationsOf(call.world, task));
}

function listReservationsOfWorker(call: RouterCall): Reply {
  const own = Object.values(call.world.state.taskRouter.reservations).filter(
    ({ workerSid }) => workerSid === call.params.WorkerSid,
  );
  return reservationsReply(call, own);
}

function reservationsReply({ world, request }: RouterCall, items: readonly ReservationRecord[]): Reply {
  const wanted = request.query.get('ReservationStatus');
  const render = (sid: string) => {
    const reservation = world.state.taskRouter.reservations[sid];
    return reservation ? renderReservation(reservation, world.state.taskRouter) : {};
  };
  return listReply(request, {
    key: 'reservations',
    items: items.filter(({ status }) => !wanted || status === wanted),
    render,
  });
}

/** A status, or an instruction as an assignment callback could have given it. */
function updateReservation(call: RouterCall, reservation: ReservationRecord): Reply {
  const { world, form } = call;
  const status = form.get('ReservationStatus');
  const named = form.get('Instruction');
  if (status !== null && status !== 'accepted' && status !== 'rejected') {
    return apiError(twilioError(20001, `ReservationStatus ${status} cannot be set`));
  }
  if (reservation.status !== 'pending') {
    return apiError(twilioError(20001, `The reservation is ${reservation.status} already`, 409));
  }
  if (status !== null) settle(world, reservation, status);
  if (named !== null) {
    const read = readInstruction('application/json', JSON.stringify(instructionIn(named, form)));
    if (read.kind !== 'instruction') {
      return apiError(twilioError(20001, read.kind === 'error' ? read.detail : 'Instruction is missing'));
    }
    followInstruction(world, reservation, read.instruction);
  }
  return showReservation(call, reservation);
}

/** The API's parameters, as an assignment callback would name them. */
function instructionIn(instruction: string, form: URLSearchParams): Record<string, string> {
  const names: Readonly<Record<string, string>> = {
    DequeueTo: 'to',
    DequeueFrom: 'from',
    DequeueTimeout: 'timeout',
    DequeuePostWorkActivitySid: 'post_work_activity_sid',
    DequeueStatusCallbackUrl: 'status_callback_url',
    CallTo: 'to',
    CallFrom: 'from',
    CallUrl: 'url',
    CallTimeout: 'timeout',
    CallAccept: 'accept',
    CallStatusCallbackUrl: 'status_callback_url',
    RedirectCallSid: 'call_sid',
    RedirectUrl: 'url',
    RedirectAccept: 'accept',
  };
  const given = [...form].flatMap(([name, value]) => (names[name] ? [[names[name], value] as const] : []));
  return { instruction, ...Object.fromEntries(given) };
}
