import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import { personalDataIn } from '../../../functions/shared/contract/task-attributes.ts';
import { readRecord } from '../../../functions/voice/record-store.ts';
import { recordTask } from '../../../functions/voice/record-task/record-task.ts';
import { TASK_LOGS } from '../../../functions/voice/task-log-item.ts';
import { CallStage, sid } from '../../fakes/voice/call-stage.ts';

const TASK = sid('WT');
const TWILIOS = { call_sid: sid('CA'), from: '+14155550123', called: '+14155550100', caller_city: 'OAKLAND' };

let events = 0;
const task = (eventType: string, fields = {}) => {
  events += 1;
  return {
    EventType: eventType,
    TaskSid: TASK,
    Sid: sid('EV', events),
    TimestampMs: '1772366400123',
    ...fields,
  };
};

const record = (stage: CallStage, event: TrunklineEvent) => {
  if (event.type !== 'taskrouter.reported.v1') throw new Error(event.type);
  return recordTask(event, `${event.id} at ${stage.now}`, stage);
};

describe('an event of TaskRouter', () => {
  test('is folded into its task, which names the call it stands for', async () => {
    const stage = new CallStage();
    const created = task('task.created', { TaskAttributes: JSON.stringify(TWILIOS) });
    await record(stage, await stage.receive('task', created));
    await record(
      stage,
      await stage.receive('task', task('reservation.accepted', { ReservationSid: sid('WR') })),
    );
    expect(await readRecord(TASK_LOGS, TASK, stage)).toMatchObject({ version: 2, callSid: sid('CA') });
    expect(stage.drainEvents().filter(({ type }) => type === 'task.progressed.v1')).toMatchObject([
      { data: { state: 'pending', callSid: sid('CA'), reservations: 0 } },
      {
        data: {
          state: 'assigned',
          callSid: sid('CA'),
          reservations: 1,
          occurredAt: '2026-03-01T12:00:00.123Z',
        },
      },
    ]);
  });

  test('about a worker is no task', async () => {
    const stage = new CallStage();
    const event = await stage.receive('task', { EventType: 'worker.activity.update', WorkerSid: sid('WK') });
    expect(await record(stage, event)).toBe('not-a-task');
  });

  test('that tells nothing new is not written', async () => {
    const stage = new CallStage();
    const event = await stage.receive('task', task('task.created'));
    expect([await record(stage, event), await record(stage, event)]).toEqual(['recorded', 'known']);
  });

  test('whose inbox item is gone is no event', async () => {
    expect(await record(new CallStage(), await new CallStage().receive('task', task('task.created')))).toBe(
      'missing',
    );
  });

  test('gives the same record in any order and any multiplicity', async () => {
    const types = ['task.created', 'workflow.entered', 'task.wrapup', 'task.completed'].map((type) =>
      task(type),
    );
    const all = [
      ...types,
      task('reservation.created', { ReservationSid: sid('WR') }),
      task('reservation.timeout', { ReservationSid: sid('WR') }),
      task('reservation.accepted', { ReservationSid: sid('WR', 2), TaskAttributes: JSON.stringify(TWILIOS) }),
    ];
    const build = async (order: readonly number[]) => {
      const stage = new CallStage();
      for (const at of order) await record(stage, await stage.receive('task', all[at] ?? {}));
      const log = await readRecord(TASK_LOGS, TASK, stage);
      return { task: log?.task, callSid: log?.callSid };
    };
    const straight = await build([0, 1, 2, 3, 4, 5, 6]);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6], { minLength: 14 }),
        async (order) => expect(await build(order)).toEqual(straight),
      ),
      { numRuns: 1_000 },
    );
  }, 120_000);

  test('with personal data of our making is counted and named, without the value', async () => {
    const stage = new CallStage();
    const attributes = JSON.stringify({ ...TWILIOS, customer: { phone: '+14155550199' }, reason: 'billing' });
    await record(stage, await stage.receive('task', task('task.created', { TaskAttributes: attributes })));
    expect(stage.observer.total('PersonalTaskAttribute')).toBe(1);
    expect(stage.observer.lines).toMatchObject([
      { fields: { attributes: 'customer.phone: a name for a person' } },
    ]);
    expect(JSON.stringify(stage.observer.lines)).not.toContain('4155550199');
  });
});

describe('attributes of a hand-off', () => {
  test.each([
    [{ reason: 'billing', flow: 'support-line', attempts: 2, language: 'en-US' }],
    [{ callSid: sid('CA'), intentId: 'int_0c1d', correlationId: '0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0' }],
    [{ waitingSince: '2026-03-01T12:00:00.000Z', priority: true, skill: null, tags: ['vip', 'renewal'] }],
    [TWILIOS],
  ])('%j may go out', (attributes) => {
    expect(personalDataIn(attributes)).toEqual([]);
    expect(personalDataIn(JSON.stringify(attributes))).toEqual([]);
  });

  test.each([
    [{ note: '+1 (415) 555-0123' }, 'note', 'a number'],
    [{ ref: 4155550123 }, 'ref', 'a number'],
    [{ contact: 'alice@example.com' }, 'contact', 'an e-mail address'],
    [{ customer: { firstName: 'Alice' } }, 'customer.firstName', 'a name for a person'],
    [{ tags: ['ok', '415-555-0123'] }, 'tags.1', 'a number'],
    [{ patient_id: '7' }, 'patient_id', 'a name for a person'],
    [{ summary: 'She said that '.repeat(10) }, 'summary', 'free text'],
  ])('%j may not', (attributes, name, why) => {
    expect(personalDataIn(attributes)).toEqual([{ name, why }]);
  });

  test.each(['[]', 'null', '"text"', 'no json', ''])('%s are no attributes', (text) => {
    expect(personalDataIn(text)).toEqual([{ name: '', why: 'not an object' }]);
  });
});
