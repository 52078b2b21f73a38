/**
 * A TaskRouter task, folded from its events. Every field is a maximum or a set union over what has been told, so that
 * order and repetition do not show: Twilio's own order is not reliable (`workflow.entered` comes before `task.created`).
 */
export interface TaskRecord {
  /** Highest step that an event of the task itself named. */
  readonly step: TaskStep;
  /** Highest step of each reservation, by ReservationSid. Twilio cancels a task after 1,000 rejections. */
  readonly reservations: Readonly<Record<string, ReservationStep>>;
  /** Types of the events that are no step, such as a queue's time-out, sorted. */
  readonly marks: readonly string[];
}

export interface TaskEvent {
  /** `reservation.accepted`, `task.canceled` ... */
  readonly eventType: string;
  readonly reservationSid?: string | undefined;
}

/** In rank order: a later one is never undone. */
export const TASK_STEPS = ['unknown', 'pending', 'wrapping', 'completed', 'canceled', 'deleted'] as const;
export type TaskStep = (typeof TASK_STEPS)[number];

/** In rank order; those after `wrapping` end a reservation, and the last ones contradict each other at Twilio. */
export const RESERVATION_STEPS = [
  'pending',
  'accepted',
  'wrapping',
  'rescinded',
  'rejected',
  'timeout',
  'failed',
  'canceled',
  'completed',
] as const;
export type ReservationStep = (typeof RESERVATION_STEPS)[number];

/** Where the task stands, from its own step and its reservations. */
export type TaskState = Exclude<TaskStep, 'unknown'> | 'reserved' | 'assigned';

export const EMPTY_TASK: TaskRecord = { step: 'unknown', reservations: {}, marks: [] };

const TASK_EVENTS: ReadonlyMap<string, TaskStep> = new Map([
  ['task.created', 'pending'],
  ['task.updated', 'pending'],
  ['task.wrapup', 'wrapping'],
  ['task.completed', 'completed'],
  ['task.canceled', 'canceled'],
  ['task.deleted', 'deleted'],
  ['task.system-deleted', 'deleted'],
]);

const RESERVATION_EVENTS: ReadonlyMap<string, ReservationStep> = new Map([
  ['reservation.created', 'pending'],
  ['reservation.accepted', 'accepted'],
  ['reservation.wrapup', 'wrapping'],
  ['reservation.rescinded', 'rescinded'],
  ['reservation.rejected', 'rejected'],
  ['reservation.timeout', 'timeout'],
  ['reservation.failed', 'failed'],
  ['reservation.canceled', 'canceled'],
  ['reservation.completed', 'completed'],
]);

const highest = <Step extends string>(ranks: readonly Step[], left: Step | undefined, right: Step): Step =>
  left !== undefined && ranks.indexOf(left) >= ranks.indexOf(right) ? left : right;

/** The record after one more event; the same object where it told nothing new. */
export function joinTaskEvent(record: TaskRecord, event: TaskEvent): TaskRecord {
  const step = TASK_EVENTS.get(event.eventType);
  if (step !== undefined) return withStep(record, step);
  const reservationStep = RESERVATION_EVENTS.get(event.eventType);
  if (reservationStep !== undefined && event.reservationSid !== undefined)
    return withReservation(record, event.reservationSid, reservationStep);
  return withMark(record, event.eventType);
}

const withStep = (record: TaskRecord, told: TaskStep): TaskRecord => {
  const step = highest(TASK_STEPS, record.step, told);
  return step === record.step ? record : { ...record, step };
};

const withReservation = (record: TaskRecord, sid: string, told: ReservationStep): TaskRecord => {
  const step = highest(RESERVATION_STEPS, record.reservations[sid], told);
  if (record.reservations[sid] === step) return record;
  return { ...record, reservations: { ...record.reservations, [sid]: step } };
};

const withMark = (record: TaskRecord, mark: string): TaskRecord =>
  record.marks.includes(mark) ? record : { ...record, marks: [...record.marks, mark].sort() };

/** A rejected reservation puts a task back into its queue, so that only open ones move it. */
export function stateOfTask({ step, reservations }: TaskRecord): TaskState {
  if (step === 'completed' || step === 'canceled' || step === 'deleted' || step === 'wrapping') return step;
  const steps = new Set(Object.values(reservations));
  // A transferred task has one that ended and one that goes on.
  if (steps.has('accepted')) return 'assigned';
  if (steps.has('completed') || steps.has('wrapping')) return 'wrapping';
  return steps.has('pending') ? 'reserved' : 'pending';
}

export const isEndedTask = (record: TaskRecord): boolean =>
  ['completed', 'canceled', 'deleted'].includes(stateOfTask(record));
