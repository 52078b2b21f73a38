import * as z from 'zod';
import type { Item } from '../shared/ports/table-client.ts';
import type { TaskLog } from './domain/tasks/task-log.ts';
import { RESERVATION_STEPS, TASK_STEPS } from './domain/tasks/task-record.ts';
import type { RecordKind } from './record-store.ts';

/** As long as the timeline that tells of it. */
const RETENTION_SECONDS = 400 * 86_400;

const StoredTaskLog = z.object({
  taskSid: z.string(),
  accountSid: z.string(),
  version: z.int(),
  owner: z.string(),
  updatedAt: z.number(),
  callSid: z.string().exactOptional(),
  task: z.object({
    step: z.enum(TASK_STEPS),
    reservations: z.record(z.string(), z.enum(RESERVATION_STEPS)),
    marks: z.array(z.string()),
  }),
});

/** The record of one TaskRouter task. */
export const TASK_LOGS: RecordKind<TaskLog> = {
  keyOf: (taskSid) => `TASK#${taskSid}`,
  attributesOf: ({ task, ...log }): Item => ({
    kind: 'task-log',
    ...log,
    task: { ...task },
    expiresAt: Math.floor(log.updatedAt / 1000) + RETENTION_SECONDS,
  }),
  read: (item) => StoredTaskLog.parse(item),
};
