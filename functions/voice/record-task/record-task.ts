import type { EventOf } from '../../shared/contract/events.ts';
import { METRICS } from '../../shared/contract/metrics.ts';
import { personalDataIn } from '../../shared/contract/task-attributes.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { parseFormText } from '../../shared/twilio/form-body.ts';
import { changeEvent } from '../change-event.ts';
import { newTaskLog, reportTask, type TaskLog } from '../domain/tasks/task-log.ts';
import { stateOfTask } from '../domain/tasks/task-record.ts';
import { changeRecord, type Decision, type Moment, type StorePorts } from '../record-store.ts';
import { TASK_LOGS } from '../task-log-item.ts';

export interface RecordTaskPorts extends StorePorts {
  readonly observer: Observer;
}

type Reported = EventOf<'taskrouter.reported.v1'>;

/** `not-a-task`: workers, queues and workflows have stories, but no record. */
export type RecordTaskOutcome = 'recorded' | 'known' | 'not-a-task' | 'missing';

/** Folds an event of TaskRouter into its task's record, in any order and any number of times. */
export async function recordTask(
  event: Reported,
  owner: string,
  ports: RecordTaskPorts,
): Promise<RecordTaskOutcome> {
  const { taskSid } = event.data;
  if (taskSid === undefined) return 'not-a-task';
  const inboxItem = await ports.tables.get('inbox', { pk: event.data.inboxKey }, { consistent: true });
  if (inboxItem === undefined) return 'missing';
  if (event.data.eventType === 'task.created') judgeAttributes(event, String(inboxItem.payload), ports);
  const decide = (known: TaskLog | undefined, moment: Moment): Decision<TaskLog> => {
    const record = reportTask(known ?? newTaskLog(taskSid, event.accountSid, moment), event.data, moment);
    if (record === undefined) return { kind: 'unchanged' };
    return { kind: 'changed', record, outbox: [progressed(event, record)] };
  };
  const decision = await changeRecord(TASK_LOGS, { id: taskSid, owner, decide }, ports);
  return decision.kind === 'changed' ? 'recorded' : 'known';
}

/** Attributes are redacted by Twilio after 30 days and are shown to whoever sees the task: nothing of ours may name anybody. */
function judgeAttributes({ data }: Reported, payload: string, { observer }: RecordTaskPorts): void {
  const form = parseFormText(payload);
  const text = form.kind === 'malformed' ? undefined : form.fields.get('TaskAttributes')?.[0];
  const findings = text === undefined ? [] : personalDataIn(text);
  if (findings.length === 0) return;
  observer.count(METRICS.personalTaskAttribute, findings.length);
  observer.warn('a task carries personal data', {
    sid: data.taskSid,
    attributes: findings.map(({ name, why }) => `${name}: ${why}`).join(', '),
  });
}

const progressed = (event: Reported, log: TaskLog) => {
  const { eventType, reservationSid, workerSid, taskQueueSid, occurredAt } = event.data;
  return changeEvent(
    'task.progressed.v1',
    {
      key: TASK_LOGS.keyOf(log.taskSid),
      version: log.version,
      accountSid: event.accountSid,
      correlationId: event.correlationId,
      now: log.updatedAt,
      causationId: event.id,
    },
    {
      taskSid: log.taskSid,
      version: log.version,
      state: stateOfTask(log.task),
      eventType,
      reservations: Object.keys(log.task.reservations).length,
      ...(log.callSid === undefined ? {} : { callSid: log.callSid }),
      ...(reservationSid === undefined ? {} : { reservationSid }),
      ...(workerSid === undefined ? {} : { workerSid }),
      ...(taskQueueSid === undefined ? {} : { taskQueueSid }),
      ...(occurredAt === undefined ? {} : { occurredAt }),
    },
  );
};
