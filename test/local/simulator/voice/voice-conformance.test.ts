import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type twilio from 'twilio';
import { recordingClient } from '../support/recording-client.ts';
import { accountAt, closeStages, ourNumber, phone, type Stage, setStage } from '../support/stage.ts';
import { application } from '../support/support-line.ts';
import { type Exchange, loadTwilioOpenApi } from '../support/twilio-openapi.ts';

const api = loadTwilioOpenApi('twilio_api_v2010');
const taskRouter = loadTwilioOpenApi('twilio_taskrouter_v1');

const workspaceSid = `WS${'1'.repeat(32)}`;
let stage: Stage;
let exchanges: Exchange[];
let client: twilio.Twilio;
beforeEach(async () => {
  stage = await setStage((url) => ({
    accounts: [{ ...accountAt(url), taskRouter: [{ sid: workspaceSid }] }],
  }));
  exchanges = [];
  client = recordingClient(stage.simulator.url, exchanges);
});
afterEach(closeStages);

if (api && taskRouter) {
  describe("requests of the library and answers of the simulator conform to Twilio's description", () => {
    const problems = () => exchanges.flatMap((exchange) => api.problemsOf(exchange));

    test('calls: created with every option, fetched, listed over pages, changed, removed', async () => {
      const { sid } = await client.calls.create({
        to: phone,
        from: ourNumber,
        url: `${stage.receiver.url}/voice`,
        method: 'POST',
        fallbackUrl: `${stage.receiver.url}/fallback`,
        fallbackMethod: 'GET',
        statusCallback: stage.statusUrl,
        statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
        timeout: 30,
        timeLimit: 600,
        machineDetection: 'DetectMessageEnd',
        machineDetectionTimeout: 20,
        asyncAmd: 'true',
        asyncAmdStatusCallback: stage.statusUrl,
        record: true,
        recordingChannels: 'dual',
        recordingStatusCallback: stage.statusUrl,
        recordingStatusCallbackEvent: ['in-progress', 'completed', 'absent'],
      });
      await client.calls(sid).fetch();
      await client.calls.create({
        to: phone,
        from: ourNumber,
        twiml: '<Response><Pause length="60"/></Response>',
      });
      await stage.clock.advance(10_000);
      const [live] = await client.calls.list({ status: 'in-progress', pageSize: 1 });
      await client.calls(live!.sid).update({ twiml: '<Response><Hangup/></Response>' });
      await client.calls.list({ to: phone, startTimeAfter: new Date('2026-11-23') });
      await stage.clock.advance(60_000);
      await client.calls(sid).fetch();
      await client.calls(sid).remove();
      expect(problems()).toEqual([]);
      expect(exchanges).toHaveLength(8);
    });

    test('recordings, of an account and of a call', async () => {
      stage.receiver.answerWith(
        application({ '/voice': '<Pause length="1"/><Say>Hi</Say><Pause length="60"/>' }),
      );
      const sid = stage.simulator.callFromPhone({ from: phone, to: ourNumber });
      await stage.clock.advance(5000);
      const { sid: recording } = await client.calls(sid).recordings.create({ recordingChannels: 'dual' });
      await client.calls(sid).recordings(recording).update({ status: 'paused' });
      await client.calls(sid).recordings(recording).update({ status: 'stopped' });
      await stage.clock.advance(5000);
      await client.calls(sid).recordings(recording).fetch();
      await client.calls(sid).recordings.list();
      await client.recordings.list({ callSid: sid });
      await client.recordings(recording).fetch();
      await client.recordings(recording).remove();
      expect(problems()).toEqual([]);
    });

    test('queues and their members', async () => {
      stage.receiver.answerWith(application({ '/voice': '<Enqueue>support</Enqueue>' }));
      const { sid } = await client.queues.create({ friendlyName: 'support', maxSize: 5 });
      const call = stage.simulator.callFromPhone({ from: phone, to: ourNumber });
      await stage.clock.advance(3000);
      await client.queues(sid).update({ maxSize: 10 });
      await client.queues(sid).fetch();
      await client.queues.list();
      await client.queues(sid).members.list();
      await client.queues(sid).members(call).fetch();
      await client.queues(sid).members('Front').update({ url: stage.statusUrl });
      await stage.clock.advance(3000);
      await client.queues(sid).remove();
      expect(problems()).toEqual([]);
    });

    test('TaskRouter: workspace, activities, queues, workflows, workers, tasks, reservations', async () => {
      const workspace = client.taskrouter.v1.workspaces(workspaceSid);
      await workspace.fetch();
      await workspace.update({ eventCallbackUrl: stage.statusUrl, eventsFilter: 'task.created' });
      await client.taskrouter.v1.workspaces.list();
      const activity = await workspace.activities.create({ friendlyName: 'Here', available: true });
      await workspace.activities.list();
      const queue = await workspace.taskQueues.create({ friendlyName: 'All', targetWorkers: '1==1' });
      await workspace.taskQueues(queue.sid).fetch();
      const configuration = JSON.stringify({ task_routing: { default_filter: { queue: queue.sid } } });
      const workflow = await workspace.workflows.create({ friendlyName: 'All', configuration });
      await workspace.workflows(workflow.sid).update({ taskReservationTimeout: 60 });
      const worker = await workspace.workers.create({
        friendlyName: 'Anna',
        attributes: '{}',
        activitySid: activity.sid,
      });
      await workspace.workers.list();
      const task = await workspace.tasks.create({ workflowSid: workflow.sid, attributes: '{}' });
      await stage.clock.advance(0);
      await workspace.tasks.list();
      const [reservation] = await workspace.tasks(task.sid).reservations.list();
      await workspace
        .tasks(task.sid)
        .reservations(reservation!.sid)
        .update({ reservationStatus: 'accepted' });
      await workspace.tasks(task.sid).update({ assignmentStatus: 'completed', reason: 'done' });
      await workspace.workers(worker.sid).fetch();
      await workspace.tasks(task.sid).remove();
      expect(exchanges.flatMap((exchange) => taskRouter.problemsOf(exchange))).toEqual([]);
      expect(exchanges.length).toBeGreaterThanOrEqual(18);
    });
  });
} else {
  // biome-ignore lint/suspicious/noSkippedTests: the descriptions are not part of the project and may be absent.
  test.skip("conformance of calls to Twilio's OpenAPI descriptions", () => {});
}
