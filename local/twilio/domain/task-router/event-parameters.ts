import { defined } from '../voice/call-parameters.ts';
import type { WebhookParameters } from '../webhook-parameters.ts';
import type {
  ReservationRecord,
  TaskQueueRecord,
  TaskRecord,
  WorkerRecord,
  WorkflowRecord,
  WorkspaceRecord,
} from './records.ts';

/** What an event is about. */
export interface EventSubject {
  readonly workspace: WorkspaceRecord;
  readonly task?: TaskRecord | undefined;
  readonly queue?: TaskQueueRecord | undefined;
  readonly workflow?: WorkflowRecord | undefined;
  readonly worker?: WorkerRecord | undefined;
  readonly activityName?: string | undefined;
  readonly reservation?: ReservationRecord | undefined;
}

export interface RouterEvent {
  readonly sid: string;
  /** `task.created`, `reservation.accepted`, … */
  readonly type: string;
  readonly at: number;
}

/** https://www.twilio.com/docs/taskrouter/api/event/reference */
export function eventParameters(event: RouterEvent, subject: EventSubject): WebhookParameters {
  const [kind = ''] = event.type.split('.');
  return [
    ...defined([
      ['EventType', event.type],
      ['Sid', event.sid],
      ['AccountSid', subject.workspace.accountSid],
      ['WorkspaceSid', subject.workspace.sid],
      ['WorkspaceName', subject.workspace.friendlyName],
      ['EventDescription', `${event.type.replace('.', ' ')}`],
      ['ResourceType', resourceTypes[kind] ?? 'Workspace'],
      ['ResourceSid', resourceSid(kind, subject)],
      ['Timestamp', `${Math.floor(event.at / 1000)}`],
      ['TimestampMs', `${event.at}`],
    ]),
    ...subjectParameters(subject, event.at),
  ];
}

const resourceTypes: Readonly<Record<string, string>> = {
  task: 'Task',
  'task-queue': 'Task',
  workflow: 'Task',
  reservation: 'Reservation',
  worker: 'Worker',
};

function resourceSid(kind: string, { workspace, task, reservation, worker }: EventSubject): string {
  switch (kind) {
    case 'reservation':
      return reservation?.sid ?? '';
    case 'worker':
      return worker?.sid ?? '';
    case 'task':
    case 'task-queue':
    case 'workflow':
      return task?.sid ?? '';
    default:
      return workspace.sid;
  }
}

function subjectParameters(subject: EventSubject, now: number): WebhookParameters {
  const { task, queue, workflow, worker, reservation, activityName } = subject;
  return defined([
    ['TaskSid', task?.sid],
    ['TaskAttributes', task?.attributes],
    ['TaskAge', task && `${Math.floor((now - task.createdAt) / 1000)}`],
    ['TaskPriority', task && `${task.priority}`],
    ['TaskAssignmentStatus', task?.status],
    ['TaskCanceledReason', task?.status === 'canceled' ? task.reason : undefined],
    ['TaskChannelUniqueName', task?.taskChannel],
    ['TaskQueueSid', queue?.sid],
    ['TaskQueueName', queue?.friendlyName],
    ['WorkflowSid', workflow?.sid ?? task?.workflowSid],
    ['WorkflowName', workflow?.friendlyName],
    ['WorkerSid', worker?.sid],
    ['WorkerName', worker?.friendlyName],
    ['WorkerAttributes', worker?.attributes],
    ['WorkerActivitySid', worker?.activitySid],
    ['WorkerActivityName', activityName],
    ['ReservationSid', reservation?.sid],
  ]);
}

/** https://www.twilio.com/docs/taskrouter/handle-assignment-callbacks */
export function assignmentParameters(subject: Required<Omit<EventSubject, 'activityName'>>, now: number) {
  const { workspace, task, queue, workflow, worker, reservation } = subject;
  return defined([
    ['AccountSid', workspace.accountSid],
    ['WorkspaceSid', workspace.sid],
    ['WorkflowSid', workflow?.sid],
    ['TaskQueueSid', queue?.sid],
    ['WorkerSid', worker?.sid],
    ['WorkerName', worker?.friendlyName],
    ['WorkerAttributes', worker?.attributes],
    ['TaskSid', task?.sid],
    ['TaskAttributes', task?.attributes],
    ['TaskAge', task && `${Math.floor((now - task.createdAt) / 1000)}`],
    ['TaskPriority', task && `${task.priority}`],
    ['ReservationSid', reservation?.sid],
    ['Timestamp', `${Math.floor(now / 1000)}`],
  ]);
}
