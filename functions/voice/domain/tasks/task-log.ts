import { EMPTY_TASK, joinTaskEvent, type TaskEvent, type TaskRecord } from './task-record.ts';

/** What is kept of one TaskRouter task. */
export interface TaskLog {
  readonly taskSid: string;
  readonly accountSid: string;
  readonly version: number;
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
  /** The call that it stands for, where an event named one. */
  readonly callSid?: string;
  readonly task: TaskRecord;
}

export const newTaskLog = (
  taskSid: string,
  accountSid: string,
  moment: { readonly now: number; readonly owner: string },
): TaskLog => ({
  taskSid,
  accountSid,
  version: 0,
  owner: moment.owner,
  updatedAt: moment.now,
  task: EMPTY_TASK,
});

/** The log after one more event; undefined where it told nothing new. */
export function reportTask(
  log: TaskLog,
  event: TaskEvent & { readonly callSid?: string | undefined },
  moment: { readonly now: number; readonly owner: string },
): TaskLog | undefined {
  const task = joinTaskEvent(log.task, event);
  const callSid = log.callSid ?? event.callSid;
  if (task === log.task && callSid === log.callSid) return undefined;
  return {
    ...log,
    ...(callSid === undefined ? {} : { callSid }),
    task,
    version: log.version + 1,
    updatedAt: moment.now,
    owner: moment.owner,
  };
}
