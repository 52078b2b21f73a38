import {
  type ActivityRecord,
  readAttributes,
  readConfiguration,
  type TaskQueueRecord,
  type WorkerRecord,
  type WorkflowRecord,
} from '../../domain/task-router/records.ts';
import {
  renderActivity,
  renderTaskQueue,
  renderWorker,
  renderWorkflow,
  renderWorkspace,
} from '../../domain/task-router/render.ts';
import { notFound, type TwilioError, twilioError } from '../../domain/twilio-error.ts';
import { routeSoon, setActivity } from '../../engine/task-router/route-tasks.ts';
import { newSid } from '../../engine/world.ts';
import { apiError } from '../api-call.ts';
import { json, noContent, type Reply } from '../reply.ts';
import { listReply, type RouterCall, type RouterRoute } from './router-call.ts';

export const workspaceRoutes: readonly RouterRoute[] = [
  {
    method: 'GET',
    path: '',
    handle: ({ world, workspace }) => json(200, renderWorkspace(workspace, world.state.taskRouter)),
  },
  { method: 'POST', path: '', handle: updateWorkspace },
  ...resourceRoutes<ActivityRecord>('Activities', 'activities', ({ world }) => ({
    records: world.state.taskRouter.activities,
    render: (record) => renderActivity(record, world.state.taskRouter),
    create: createActivity,
  })),
  ...resourceRoutes<TaskQueueRecord>('TaskQueues', 'task_queues', ({ world }) => ({
    records: world.state.taskRouter.taskQueues,
    render: (record) => renderTaskQueue(record, world.state.taskRouter),
    create: createTaskQueue,
    update: updateTaskQueue,
  })),
  ...resourceRoutes<WorkflowRecord>('Workflows', 'workflows', ({ world }) => ({
    records: world.state.taskRouter.workflows,
    render: (record) => renderWorkflow(record, world.state.taskRouter),
    create: createWorkflow,
    update: updateWorkflow,
  })),
  ...resourceRoutes<WorkerRecord>('Workers', 'workers', ({ world }) => ({
    records: world.state.taskRouter.workers,
    render: (record) => renderWorker(record, world.state.taskRouter),
    create: createWorker,
    update: updateWorker,
  })),
];

interface Placed {
  readonly sid: string;
  readonly workspaceSid: string;
}

interface Resource<R extends Placed> {
  readonly records: Record<string, R>;
  readonly render: (record: R) => Record<string, unknown>;
  readonly create: (call: RouterCall) => R | TwilioError;
  readonly update?: ((call: RouterCall, record: R) => TwilioError | undefined) | undefined;
}

/** List, create, fetch, update and delete, all alike. */
function resourceRoutes<R extends Placed>(
  path: string,
  key: string,
  resourceOf: (call: RouterCall) => Resource<R>,
): RouterRoute[] {
  const one = (call: RouterCall, answer: (record: R, resource: Resource<R>) => Reply): Reply => {
    const resource = resourceOf(call);
    const record = resource.records[call.params.Sid ?? ''];
    const visible = record?.workspaceSid === call.workspace.sid;
    return record && visible ? answer(record, resource) : apiError(notFound(call.request.path));
  };
  return [
    { method: 'GET', path: `/${path}`, handle: (call) => list(call, key, resourceOf(call)) },
    { method: 'POST', path: `/${path}`, handle: (call) => create(call, resourceOf(call)) },
    {
      method: 'GET',
      path: `/${path}/{Sid}`,
      handle: (call) => one(call, (record, { render }) => json(200, render(record))),
    },
    {
      method: 'POST',
      path: `/${path}/{Sid}`,
      handle: (call) =>
        one(call, (record, { render, update }) => {
          const refusal = update?.(call, record);
          return refusal ? apiError(refusal) : json(200, render(record));
        }),
    },
    {
      method: 'DELETE',
      path: `/${path}/{Sid}`,
      handle: (call) =>
        one(call, (record, { records }) => {
          delete records[record.sid];
          return noContent();
        }),
    },
  ];
}

function list<R extends Placed>(call: RouterCall, key: string, { records, render }: Resource<R>): Reply {
  const name = call.request.query.get('FriendlyName');
  const items = Object.values(records)
    .filter(({ workspaceSid }) => workspaceSid === call.workspace.sid)
    .filter((record) => !name || render(record).friendly_name === name);
  const rendered = new Map(items.map((record) => [record.sid, record]));
  return listReply(call.request, {
    key,
    items,
    render: (sid) => {
      const record = rendered.get(sid);
      return record ? render(record) : {};
    },
  });
}

function create<R extends Placed>(call: RouterCall, { records, render, create: make }: Resource<R>): Reply {
  if (!call.form.get('FriendlyName')) return apiError(twilioError(20001, 'FriendlyName is required'));
  const made = make(call);
  if (!('sid' in made)) return apiError(made);
  records[made.sid] = made;
  routeSoon(call.world, call.workspace.sid);
  return json(201, render(made));
}

const placed = ({ world, workspace, form }: RouterCall, prefix: string) => ({
  sid: newSid(world, prefix),
  workspaceSid: workspace.sid,
  friendlyName: form.get('FriendlyName') ?? '',
  createdAt: world.clock.now(),
});

const createActivity = (call: RouterCall): ActivityRecord => ({
  ...placed(call, 'WA'),
  available: call.form.get('Available') === 'true',
});

const createTaskQueue = (call: RouterCall): TaskQueueRecord => ({
  ...placed(call, 'WQ'),
  targetWorkers: call.form.get('TargetWorkers') ?? '1==1',
  maxReservedWorkers: Number(call.form.get('MaxReservedWorkers') ?? 1),
});

function updateTaskQueue({ form }: RouterCall, queue: TaskQueueRecord): undefined {
  queue.targetWorkers = form.get('TargetWorkers') ?? queue.targetWorkers;
  queue.friendlyName = form.get('FriendlyName') ?? queue.friendlyName;
}

function createWorkflow(call: RouterCall): WorkflowRecord | TwilioError {
  const { form } = call;
  const configuration = form.get('Configuration') ?? '';
  if (!readConfiguration(configuration)) return wrongConfiguration();
  return {
    ...placed(call, 'WW'),
    configuration,
    assignmentCallbackUrl: form.get('AssignmentCallbackUrl') ?? '',
    fallbackAssignmentCallbackUrl: form.get('FallbackAssignmentCallbackUrl') ?? '',
    taskReservationTimeout: Number(form.get('TaskReservationTimeout') ?? 120),
  };
}

function updateWorkflow({ form }: RouterCall, workflow: WorkflowRecord): TwilioError | undefined {
  const configuration = form.get('Configuration') ?? workflow.configuration;
  if (!readConfiguration(configuration)) return wrongConfiguration();
  workflow.configuration = configuration;
  workflow.friendlyName = form.get('FriendlyName') ?? workflow.friendlyName;
  workflow.assignmentCallbackUrl = form.get('AssignmentCallbackUrl') ?? workflow.assignmentCallbackUrl;
  workflow.fallbackAssignmentCallbackUrl =
    form.get('FallbackAssignmentCallbackUrl') ?? workflow.fallbackAssignmentCallbackUrl;
  workflow.taskReservationTimeout = Number(
    form.get('TaskReservationTimeout') ?? workflow.taskReservationTimeout,
  );
  return undefined;
}

const wrongConfiguration = () => twilioError(20001, 'Configuration is not that of a workflow');

function createWorker(call: RouterCall): WorkerRecord | TwilioError {
  const { form, workspace } = call;
  const attributes = form.get('Attributes') ?? '{}';
  if (!readAttributes(attributes)) return twilioError(20001, 'Attributes must be a JSON object');
  const shared = placed(call, 'WK');
  return {
    ...shared,
    attributes,
    activitySid: form.get('ActivitySid') ?? workspace.defaultActivitySid,
    statusChangedAt: shared.createdAt,
    idleSince: shared.createdAt,
  };
}

function updateWorker({ world, form }: RouterCall, worker: WorkerRecord): TwilioError | undefined {
  const attributes = form.get('Attributes') ?? worker.attributes;
  if (!readAttributes(attributes)) return twilioError(20001, 'Attributes must be a JSON object');
  const activitySid = form.get('ActivitySid') ?? worker.activitySid;
  if (!world.state.taskRouter.activities[activitySid]) {
    return twilioError(20001, `There is no activity ${activitySid}`);
  }
  worker.attributes = attributes;
  worker.friendlyName = form.get('FriendlyName') ?? worker.friendlyName;
  setActivity(world, worker, activitySid);
  routeSoon(world, worker.workspaceSid);
  return undefined;
}

function updateWorkspace({ world, workspace, form }: RouterCall): Reply {
  workspace.friendlyName = form.get('FriendlyName') ?? workspace.friendlyName;
  workspace.eventCallbackUrl = form.get('EventCallbackUrl') ?? workspace.eventCallbackUrl;
  workspace.eventsFilter = form.get('EventsFilter') ?? workspace.eventsFilter;
  workspace.timeoutActivitySid = form.get('TimeoutActivitySid') ?? workspace.timeoutActivitySid;
  return json(200, renderWorkspace(workspace, world.state.taskRouter));
}
