import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  EMPTY_TASK,
  isEndedTask,
  joinTaskEvent,
  stateOfTask,
  type TaskEvent,
  type TaskRecord,
} from '../../../../functions/voice/domain/tasks/task-record.ts';

const RUNS = { numRuns: 1_000 };
const TYPES = [
  ...['task.created', 'task.updated', 'task.wrapup', 'task.completed', 'task.canceled', 'task.deleted'],
  ...[
    'task-queue.entered',
    'task-queue.timeout',
    'workflow.entered',
    'workflow.timeout',
    'workflow.target-matched',
  ],
  ...['reservation.created', 'reservation.accepted', 'reservation.rejected', 'reservation.timeout'],
  ...[
    'reservation.canceled',
    'reservation.rescinded',
    'reservation.wrapup',
    'reservation.completed',
    'made.up',
  ],
];
const event: fc.Arbitrary<TaskEvent> = fc.record(
  { eventType: fc.constantFrom(...TYPES), reservationSid: fc.constantFrom('WR1', 'WR2', 'WR3') },
  { requiredKeys: ['eventType'] },
);
const fold = (events: readonly TaskEvent[]): TaskRecord => events.reduce(joinTaskEvent, EMPTY_TASK);

const told = (...types: readonly string[]): TaskEvent[] =>
  types.map((text) => {
    const [eventType = '', reservationSid] = text.split(' ');
    return reservationSid === undefined ? { eventType } : { eventType, reservationSid };
  });

describe('the record of a task', () => {
  test('is the same whatever order its events come in, and however often', () => {
    const arrivals = fc
      .array(event, { maxLength: 14 })
      .chain((sent) =>
        fc.tuple(fc.constant(sent), fc.shuffledSubarray([...sent, ...sent], { minLength: sent.length * 2 })),
      );
    fc.assert(
      fc.property(arrivals, ([sent, arrived]) => {
        expect(fold(arrived)).toEqual(fold(sent));
        expect(stateOfTask(fold(arrived))).toBe(stateOfTask(fold(sent)));
      }),
      RUNS,
    );
  });

  test('never leaves its end', () => {
    fc.assert(
      fc.property(
        fc.array(event),
        fc.constantFrom('completed', 'canceled', 'deleted'),
        fc.array(event),
        (before, end, after) => {
          const ended = joinTaskEvent(fold(before), { eventType: `task.${end}` });
          expect(isEndedTask(after.reduce(joinTaskEvent, ended))).toBe(true);
        },
      ),
      RUNS,
    );
  });

  test('is the same object after an event that it knew: nothing needs to be written', () => {
    fc.assert(
      fc.property(fc.array(event), event, (before, one) => {
        const record = joinTaskEvent(fold(before), one);
        expect(joinTaskEvent(record, one)).toBe(record);
      }),
      RUNS,
    );
  });

  test.each([
    [['task.created'], 'pending'],
    [['workflow.entered', 'task-queue.entered'], 'pending'],
    [['task.created', 'reservation.created WR1'], 'reserved'],
    [['reservation.accepted WR1', 'reservation.created WR1', 'task.created'], 'assigned'],
    [['reservation.created WR1', 'reservation.rejected WR1'], 'pending'],
    [['reservation.created WR1', 'reservation.timeout WR1', 'reservation.created WR2'], 'reserved'],
    [['reservation.timeout WR1', 'reservation.accepted WR2'], 'assigned'],
    [['reservation.accepted WR1', 'reservation.wrapup WR1'], 'wrapping'],
    [['reservation.completed WR1', 'reservation.accepted WR2'], 'assigned'],
    [['reservation.accepted WR1', 'task.completed'], 'completed'],
    [['workflow.timeout', 'task.canceled', 'task.created'], 'canceled'],
    [['task.deleted', 'task.completed'], 'deleted'],
  ])('after %j is %s', (types, state) => {
    expect(stateOfTask(fold(told(...types)))).toBe(state);
  });

  test('remembers that a queue timed out, once', () => {
    const record = fold(
      told('task-queue.timeout', 'workflow.timeout', 'task-queue.timeout', 'workflow.entered'),
    );
    expect(record.marks).toEqual(['task-queue.timeout', 'workflow.entered', 'workflow.timeout']);
  });

  test('takes a reservation event without a reservation for a mark', () => {
    expect(fold(told('reservation.accepted'))).toEqual({ ...EMPTY_TASK, marks: ['reservation.accepted'] });
  });
});
