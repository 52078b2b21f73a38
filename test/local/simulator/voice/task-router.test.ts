import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { accountAt, closeStages, ourNumber, phone, refusal, type Stage, setStage } from '../support/stage.ts';
import { twiml } from '../support/webhook-receiver.ts';

const sids = {
  workspace: `WS${'1'.repeat(32)}`,
  queue: `WQ${'1'.repeat(32)}`,
  workflow: `WW${'1'.repeat(32)}`,
  worker: `WK${'1'.repeat(32)}`,
};
const agent = '+15550106001';

let stage: Stage;
let instruction: object | undefined;

beforeEach(async () => {
  instruction = { instruction: 'dequeue', from: ourNumber };
  stage = await setStage((url) => ({
    accounts: [
      {
        ...accountAt(url),
        taskRouter: [
          {
            sid: sids.workspace,
            eventCallbackUrl: `${url}/events`,
            taskQueues: [{ sid: sids.queue, friendlyName: 'Support', targetWorkers: "skills HAS 'support'" }],
            workflows: [
              {
                sid: sids.workflow,
                friendlyName: 'Support line',
                configuration: { task_routing: { filters: [], default_filter: { queue: sids.queue } } },
                assignmentCallbackUrl: `${url}/assignment`,
                fallbackAssignmentCallbackUrl: `${url}/assignment-fallback`,
                taskReservationTimeout: 30,
              },
            ],
            workers: [
              {
                sid: sids.worker,
                friendlyName: 'Anna',
                attributes: { skills: ['support'], contact_uri: agent },
              },
            ],
          },
        ],
      },
    ],
  }));
  const document = `<Response><Enqueue workflowSid="${sids.workflow}" action="/left"><Task priority="3">{"reason": "billing"}</Task></Enqueue></Response>`;
  stage.receiver.answerWith((webhook, response) => {
    if (webhook.path === '/voice') return twiml(document)(webhook, response);
    if (webhook.path === '/assignment' && instruction) {
      return void response.setHeader('Content-Type', 'application/json').end(JSON.stringify(instruction));
    }
    if (webhook.path === '/left') return twiml('<Response><Say>Goodbye.</Say></Response>')(webhook, response);
    return void response.writeHead(204, { 'Content-Type': 'application/json' }).end();
  });
});
afterEach(closeStages);

const call = () => stage.simulator.callFromPhone({ from: phone, to: ourNumber });
const at = (path: string) =>
  stage.receiver.received.filter((webhook) => webhook.path === path).map(({ params }) => params);
const events = () => at('/events').map(({ EventType }) => EventType);
const workspace = () => stage.client.taskrouter.v1.workspaces(sids.workspace);
const heard = (sid: string) =>
  stage.simulator
    .voiceLedger(sid)
    .calls[0]!.transcript.flatMap((entry) => (entry.kind === 'heard' ? [entry.text] : []));

describe('a caller who is queued for an agent', () => {
  test('is a task; the agent is asked for, called, connected, and both come back', async () => {
    stage.simulator.setBehaviour(agent, { hangsUpAfterMs: 40_000 });
    const sid = call();
    await stage.clock.advance(120_000);
    expect(at('/assignment')).toEqual([
      expect.objectContaining({
        WorkerSid: sids.worker,
        WorkflowSid: sids.workflow,
        TaskQueueSid: sids.queue,
        TaskPriority: '3',
        WorkerAttributes: JSON.stringify({ skills: ['support'], contact_uri: agent }),
      }),
    ]);
    expect(JSON.parse(at('/assignment')[0]!.TaskAttributes!)).toMatchObject({
      reason: 'billing',
      call_sid: sid,
      from: phone,
      to: ourNumber,
    });
    expect(events()).toEqual([
      'task.created',
      'workflow.entered',
      'task-queue.entered',
      'reservation.created',
      'reservation.accepted',
      'task.completed',
      'reservation.completed',
    ]);
    expect(heard(sid)).toEqual(["Twilio's hold music", agent, 'Goodbye.']);
    expect(at('/left')).toEqual([expect.objectContaining({ QueueResult: 'bridged', QueueTime: '2' })]);
    const [task] = await workspace().tasks.list();
    expect(task).toMatchObject({ assignmentStatus: 'completed', workflowSid: sids.workflow });
  });

  test('whom the agent does not answer is offered again, and waits', async () => {
    stage.simulator.setBehaviour(agent, { outcome: 'busy' });
    const sid = call();
    await stage.clock.advance(20_000);
    expect(events()).toContain('reservation.rejected');
    expect(events().filter((type) => type === 'reservation.created').length).toBeGreaterThan(2);
    expect(stage.simulator.voiceLedger(sid).calls[0]?.status).toBe('in-progress');
  });

  test('who hangs up takes the task with them', async () => {
    instruction = undefined;
    const sid = call();
    await stage.clock.advance(10_000);
    stage.simulator.hangUp(sid);
    await stage.clock.advance(1000);
    expect(events().slice(-2)).toEqual(['reservation.canceled', 'task.canceled']);
    expect(at('/events').at(-1)).toMatchObject({
      TaskCanceledReason: 'hangup',
      TaskAssignmentStatus: 'canceled',
    });
  });

  test('leaves the queue when the task is canceled', async () => {
    instruction = undefined;
    const sid = call();
    await stage.clock.advance(5000);
    const [task] = await workspace().tasks.list();
    await workspace().tasks(task!.sid).update({ assignmentStatus: 'canceled', reason: 'closed' });
    await stage.clock.advance(5000);
    expect(heard(sid)).toEqual(["Twilio's hold music", 'Goodbye.']);
  });
});

describe('a reservation', () => {
  test('that nobody settles times out, and sends the worker to the timeout activity', async () => {
    instruction = undefined;
    call();
    await stage.clock.advance(40_000);
    expect(events()).toEqual(expect.arrayContaining(['reservation.timeout', 'worker.activity.update']));
    expect(await workspace().workers(sids.worker).fetch()).toMatchObject({
      activityName: 'Offline',
      available: false,
    });
  });

  test('is accepted, and carried out, by API', async () => {
    instruction = undefined;
    const sid = call();
    await stage.clock.advance(5000);
    const [task] = await workspace().tasks.list();
    const [reservation] = await workspace().tasks(task!.sid).reservations.list();
    await workspace()
      .tasks(task!.sid)
      .reservations(reservation!.sid)
      .update({ instruction: 'dequeue', dequeueFrom: ourNumber, dequeueTo: '+15550106002' });
    await stage.clock.advance(10_000);
    expect(heard(sid)).toContain('+15550106002');
    expect(
      await refusal(
        workspace().tasks(task!.sid).reservations(reservation!.sid).update({ reservationStatus: 'rejected' }),
      ),
    ).toMatchObject({ status: 409 });
  });

  test('is lost to nobody: an assignment callback that fails leads to its fallback', async () => {
    instruction = { instruction: 'dance' };
    call();
    await stage.clock.advance(1000);
    expect(at('/assignment-fallback')).toHaveLength(1);
    expect(stage.simulator.debugger().map(({ errorCode }) => errorCode)).toEqual([40001]);
  });

  test('is taken by a document that dials it', async () => {
    instruction = { instruction: 'call', from: ourNumber, url: `${stage.receiver.url}/agent`, accept: true };
    const sid = call();
    stage.receiver.answerWith((webhook, response) => {
      const reservationSid = at('/assignment')[0]?.ReservationSid;
      const pages: Record<string, string> = {
        '/voice': `<Enqueue workflowSid="${sids.workflow}"/>`,
        '/agent': `<Dial><Queue reservationSid="${reservationSid}"/></Dial>`,
      };
      const page = pages[webhook.path];
      if (page !== undefined) return twiml(`<Response>${page}</Response>`)(webhook, response);
      return void response
        .setHeader('Content-Type', 'application/json')
        .end(webhook.path === '/assignment' ? JSON.stringify(instruction) : '');
    });
    await stage.clock.advance(20_000);
    expect(heard(sid)).toEqual(["Twilio's hold music", agent]);
    expect(events()).toContain('reservation.accepted');
  });
});

test('workers, queues and workflows are made and changed by the library', async () => {
  const queue = await workspace().taskQueues.create({
    friendlyName: 'Sales',
    targetWorkers: "team == 'sales'",
  });
  const workflow = await workspace().workflows.create({
    friendlyName: 'Sales line',
    configuration: JSON.stringify({ task_routing: { default_filter: { queue: queue.sid } } }),
  });
  const [available] = await workspace().activities.list({ friendlyName: 'Available' });
  const worker = await workspace().workers.create({
    friendlyName: 'Bert',
    attributes: '{"team": "sales"}',
    activitySid: available!.sid,
  });
  const task = await workspace().tasks.create({ workflowSid: workflow.sid, attributes: '{}' });
  await stage.clock.advance(0);
  const [reservation] = await workspace().tasks(task.sid).reservations.list();
  expect(reservation).toMatchObject({ workerSid: worker.sid, reservationStatus: 'pending' });
  await workspace().tasks(task.sid).reservations(reservation!.sid).update({ reservationStatus: 'accepted' });
  await workspace().tasks(task.sid).update({ assignmentStatus: 'completed', reason: 'done' });
  expect(await workspace().tasks(task.sid).fetch()).toMatchObject({
    assignmentStatus: 'completed',
    reason: 'done',
  });
});

test('a workflow that does not exist is a queue that cannot be entered', async () => {
  stage.receiver.answerWith((webhook, response) =>
    twiml(
      webhook.path === '/voice'
        ? `<Response><Enqueue workflowSid="WW${'9'.repeat(32)}" action="/left"/></Response>`
        : '<Response/>',
    )(webhook, response),
  );
  call();
  await stage.clock.advance(1000);
  expect(at('/left')).toEqual([expect.objectContaining({ QueueResult: 'error' })]);
  expect(stage.simulator.debugger().map(({ errorCode }) => errorCode)).toContain(14220);
});
