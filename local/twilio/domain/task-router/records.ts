import * as z from 'zod';
import type { Attributes } from './expression.ts';

export interface ActivityRecord {
  readonly sid: string;
  readonly workspaceSid: string;
  friendlyName: string;
  readonly available: boolean;
  readonly createdAt: number;
}

export interface TaskQueueRecord {
  readonly sid: string;
  readonly workspaceSid: string;
  friendlyName: string;
  targetWorkers: string;
  maxReservedWorkers: number;
  readonly createdAt: number;
}

export interface WorkflowRecord {
  readonly sid: string;
  readonly workspaceSid: string;
  friendlyName: string;
  /** JSON, as given. */
  configuration: string;
  assignmentCallbackUrl: string;
  fallbackAssignmentCallbackUrl: string;
  taskReservationTimeout: number;
  readonly createdAt: number;
}

export interface WorkerRecord {
  readonly sid: string;
  readonly workspaceSid: string;
  friendlyName: string;
  /** JSON. */
  attributes: string;
  activitySid: string;
  readonly createdAt: number;
  statusChangedAt: number;
  /** When the worker last had nothing to do. */
  idleSince: number;
}

export interface WorkspaceRecord {
  readonly sid: string;
  readonly accountSid: string;
  friendlyName: string;
  eventCallbackUrl: string;
  eventsFilter: string;
  defaultActivitySid: string;
  timeoutActivitySid: string;
  readonly createdAt: number;
}

export type TaskStatus = 'pending' | 'reserved' | 'assigned' | 'canceled' | 'completed' | 'wrapping';

/** One target of a workflow: a queue, and how long the task stays there. */
export interface RouteStep {
  readonly queueSid: string;
  readonly timeoutMs?: number | undefined;
  readonly priority?: number | undefined;
  readonly expression?: string | undefined;
}

export interface TaskRecord {
  readonly sid: string;
  readonly workspaceSid: string;
  readonly workflowSid: string;
  readonly taskChannel: string;
  readonly timeoutSeconds: number;
  readonly createdAt: number;
  updatedAt: number;
  attributes: string;
  priority: number;
  status: TaskStatus;
  reason: string;
  readonly route: readonly RouteStep[];
  /** Which step of the route it is in. */
  step: number;
  queueEnteredAt: number;
  rejections: number;
  /** Workers who are not asked again before that instant. */
  readonly notBefore: Record<string, number>;
}

export type ReservationStatus =
  | 'pending'
  | 'accepted'
  | 'rejected'
  | 'timeout'
  | 'canceled'
  | 'rescinded'
  | 'wrapping'
  | 'completed';

export interface ReservationRecord {
  readonly sid: string;
  readonly workspaceSid: string;
  readonly taskSid: string;
  readonly workerSid: string;
  readonly createdAt: number;
  updatedAt: number;
  status: ReservationStatus;
}

export interface TaskRouterState {
  readonly workspaces: Record<string, WorkspaceRecord>;
  readonly activities: Record<string, ActivityRecord>;
  readonly taskQueues: Record<string, TaskQueueRecord>;
  readonly workflows: Record<string, WorkflowRecord>;
  readonly workers: Record<string, WorkerRecord>;
  readonly tasks: Record<string, TaskRecord>;
  readonly reservations: Record<string, ReservationRecord>;
}

export const emptyTaskRouterState = (): TaskRouterState => ({
  workspaces: {},
  activities: {},
  taskQueues: {},
  workflows: {},
  workers: {},
  tasks: {},
  reservations: {},
});

/** A JSON object, or undefined for anything else. */
export function readAttributes(json: string): Attributes | undefined {
  try {
    const parsed = z.record(z.string(), z.unknown()).safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined; // Not JSON: the caller names the error.
  }
}

const target = z.looseObject({
  queue: z.string(),
  timeout: z.coerce.number().optional(),
  priority: z.coerce.number().optional(),
  expression: z.string().optional(),
});

const configurationSchema = z.looseObject({
  task_routing: z.looseObject({
    filters: z
      .array(z.looseObject({ expression: z.string().default(''), targets: z.array(target).min(1) }))
      .default([]),
    default_filter: z.looseObject({ queue: z.string() }).optional(),
  }),
});

export type WorkflowConfiguration = z.output<typeof configurationSchema>;

export function readConfiguration(json: string): WorkflowConfiguration | undefined {
  try {
    const parsed = configurationSchema.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined; // Not JSON: the caller names the error.
  }
}
