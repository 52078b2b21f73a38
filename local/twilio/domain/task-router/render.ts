import type {
  ActivityRecord,
  ReservationRecord,
  TaskQueueRecord,
  TaskRecord,
  TaskRouterState,
  WorkerRecord,
  WorkflowRecord,
  WorkspaceRecord,
} from './records.ts';

type Rendered = Record<string, unknown>;

const host = 'https://taskrouter.twilio.com/v1/Workspaces';
const iso = (at: number): string => new Date(at).toISOString().replace(/\.\d+/, '');
const dates = (createdAt: number, updatedAt = createdAt) => ({
  date_created: iso(createdAt),
  date_updated: iso(updatedAt),
});

/** The resources as taskrouter.twilio.com shows them. */
export function renderWorkspace(workspace: WorkspaceRecord, state: TaskRouterState): Rendered {
  const url = `${host}/${workspace.sid}`;
  const activityName = (sid: string) => state.activities[sid]?.friendlyName ?? null;
  return {
    account_sid: workspace.accountSid,
    ...dates(workspace.createdAt),
    default_activity_name: activityName(workspace.defaultActivitySid),
    default_activity_sid: workspace.defaultActivitySid,
    event_callback_url: workspace.eventCallbackUrl || null,
    events_filter: workspace.eventsFilter || null,
    friendly_name: workspace.friendlyName,
    links: Object.fromEntries(
      ['Activities', 'Workers', 'TaskQueues', 'Workflows', 'Tasks'].map((name) => [
        name.toLowerCase(),
        `${url}/${name}`,
      ]),
    ),
    multi_task_enabled: true,
    prioritize_queue_order: 'FIFO',
    sid: workspace.sid,
    timeout_activity_name: activityName(workspace.timeoutActivitySid),
    timeout_activity_sid: workspace.timeoutActivitySid,
    url,
  };
}

/** What every resource below a workspace has. */
function below(record: Placed, path: string, state: TaskRouterState): Rendered {
  const workspace = `${host}/${record.workspaceSid}`;
  return {
    account_sid: state.workspaces[record.workspaceSid]?.accountSid ?? null,
    sid: record.sid,
    workspace_sid: record.workspaceSid,
    url: `${workspace}/${path}/${record.sid}`,
    links: { workspace },
  };
}

interface Placed {
  readonly sid: string;
  readonly workspaceSid: string;
}

export const renderActivity = (activity: ActivityRecord, state: TaskRouterState): Rendered => ({
  ...below(activity, 'Activities', state),
  ...dates(activity.createdAt),
  available: activity.available,
  friendly_name: activity.friendlyName,
});

export const renderTaskQueue = (queue: TaskQueueRecord, state: TaskRouterState): Rendered => ({
  ...below(queue, 'TaskQueues', state),
  ...dates(queue.createdAt),
  assignment_activity_name: null,
  assignment_activity_sid: null,
  friendly_name: queue.friendlyName,
  max_reserved_workers: queue.maxReservedWorkers,
  reservation_activity_name: null,
  reservation_activity_sid: null,
  target_workers: queue.targetWorkers,
  task_order: 'FIFO',
});

export const renderWorkflow = (workflow: WorkflowRecord, state: TaskRouterState): Rendered => ({
  ...below(workflow, 'Workflows', state),
  ...dates(workflow.createdAt),
  assignment_callback_url: workflow.assignmentCallbackUrl || null,
  configuration: workflow.configuration,
  document_content_type: 'application/json',
  fallback_assignment_callback_url: workflow.fallbackAssignmentCallbackUrl || null,
  friendly_name: workflow.friendlyName,
  task_reservation_timeout: workflow.taskReservationTimeout,
});

export const renderWorker = (worker: WorkerRecord, state: TaskRouterState): Rendered => ({
  ...below(worker, 'Workers', state),
  ...dates(worker.createdAt, worker.statusChangedAt),
  activity_name: state.activities[worker.activitySid]?.friendlyName ?? null,
  activity_sid: worker.activitySid,
  attributes: worker.attributes,
  available: state.activities[worker.activitySid]?.available ?? false,
  date_status_changed: iso(worker.statusChangedAt),
  friendly_name: worker.friendlyName,
});

export function renderTask(task: TaskRecord, state: TaskRouterState, now: number): Rendered {
  const queueSid = task.route[task.step]?.queueSid ?? null;
  return {
    ...below(task, 'Tasks', state),
    ...dates(task.createdAt, task.updatedAt),
    addons: '{}',
    age: Math.floor((now - task.createdAt) / 1000),
    assignment_status: task.status,
    attributes: task.attributes,
    ignore_capacity: false,
    priority: task.priority,
    reason: task.reason || null,
    routing_target: null,
    task_channel_sid: `TC${task.workspaceSid.slice(2)}`,
    task_channel_unique_name: task.taskChannel,
    task_queue_entered_date: iso(task.queueEnteredAt),
    task_queue_friendly_name: state.taskQueues[queueSid ?? '']?.friendlyName ?? null,
    task_queue_sid: queueSid,
    timeout: task.timeoutSeconds,
    virtual_start_time: iso(task.createdAt),
    workflow_friendly_name: state.workflows[task.workflowSid]?.friendlyName ?? null,
    workflow_sid: task.workflowSid,
  };
}

export const renderReservation = (reservation: ReservationRecord, state: TaskRouterState): Rendered => ({
  ...below(reservation, `Tasks/${reservation.taskSid}/Reservations`, state),
  ...dates(reservation.createdAt, reservation.updatedAt),
  reservation_status: reservation.status,
  task_sid: reservation.taskSid,
  worker_name: state.workers[reservation.workerSid]?.friendlyName ?? null,
  worker_sid: reservation.workerSid,
});
