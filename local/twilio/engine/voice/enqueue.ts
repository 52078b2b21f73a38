import { readAttributes, type WorkflowRecord } from '../../domain/task-router/records.ts';
import type { EndCause, Source } from '../../domain/voice/call.ts';
import { callParameters } from '../../domain/voice/call-parameters.ts';
import {
  type QueueMember,
  type QueueRecord,
  type QueueResult,
  queueActionParameters,
  waitParameters,
} from '../../domain/voice/queue.ts';
import type { WebhookParameters } from '../../domain/webhook-parameters.ts';
import type { Enqueue } from '../../twiml/voice/verbs.ts';
import { cancelTask, createTask, type NewTask } from '../task-router/route-tasks.ts';
import { report } from '../world.ts';
import { talk, tell } from './bridge.ts';
import { type LiveCall, next, type Step, startWaiting, stopWaiting, write } from './live-call.ts';
import { ask } from './person.ts';
import { absolute, linkSource, type Place } from './place.ts';
import { planCallback } from './plan-callback.ts';
import { createQueue, findQueue, joinQueue, leaveQueue } from './queues.ts';
import { runDocuments } from './run-documents.ts';
import type { Dequeuer, Interrupt } from './signals.ts';
import { passTime } from './wait.ts';

interface Stay {
  readonly verb: Enqueue;
  readonly place: Place;
  readonly queue: QueueRecord;
  readonly member: QueueMember;
}

/** What a stay in a queue came to, and what the call does next. */
type Left =
  | { readonly kind: 'goes-on'; readonly result: QueueResult }
  | { readonly kind: 'over'; readonly result: QueueResult; readonly step: Step };

/** The call waits until somebody takes it out, it leaves, or its caller gives up. */
export async function enqueue(live: LiveCall, verb: Enqueue, place: Place): Promise<Step> {
  const { world, account, record } = live;
  const workflow = workflowOf(live, verb);
  if (isRefused(live, verb, workflow)) return afterwards(verb, place, queueActionParameters('error'));
  const name = verb.workflowSid ?? verb.name;
  const queue =
    findQueue(world, account.accountSid, name) ??
    createQueue(world, account.accountSid, { friendlyName: name, maxSize: verb.maxQueueSize });
  if (queue.members.length >= queue.maxSize) {
    note(live, 14207, `the queue ${name} is full`);
    return afterwards(verb, place, queueActionParameters('queue-full'));
  }
  const stay = { verb, place, queue, member: joinQueue(world, queue, record.sid) };
  const task = workflow && createTask(world, taskOf(live, verb, workflow));
  startWaiting(live, { verb: 'Enqueue', promptsEndAt: world.clock.now() });
  const callOff = ask(live, { kind: 'queue', promptMs: 0 });
  const { left, leftAt } = await stayInQueue(live, stay);
  callOff();
  stopWaiting(live);
  leaveQueue(world, queue, record.sid);
  if (task && left.result !== 'bridged') cancelTask(world, task, left.result);
  const extra = queueActionParameters(left.result, { ...stay, now: leftAt });
  if (left.kind === 'goes-on') return afterwards(verb, place, extra);
  tellAction(live, stay, extra);
  return left.step;
}

function workflowOf({ world, account }: LiveCall, { workflowSid }: Enqueue): WorkflowRecord | undefined {
  const { workflows, workspaces } = world.state.taskRouter;
  const workflow = workflows[workflowSid ?? ''];
  const owner = workspaces[workflow?.workspaceSid ?? '']?.accountSid;
  return owner === account.accountSid ? workflow : undefined;
}

function isRefused(live: LiveCall, verb: Enqueue, workflow: WorkflowRecord | undefined): boolean {
  if (verb.workflowSid === undefined) {
    if (verb.name !== '' && verb.name.length <= 64) return false;
    note(live, 12200, 'a queue has a name of 1 to 64 characters');
    return true;
  }
  if (!workflow) note(live, 14220, `there is no workflow ${verb.workflowSid}`);
  else if (verb.task && !readAttributes(verb.task.attributes)) {
    note(live, 14221, 'the attributes of the task are no JSON object');
  } else return false;
  return true;
}

/** The attributes of the document, and what Twilio adds of the call. */
function taskOf({ record }: LiveCall, { task }: Enqueue, workflow: WorkflowRecord): NewTask {
  const attributes = {
    ...readAttributes(task?.attributes ?? '{}'),
    call_sid: record.sid,
    account_sid: record.accountSid,
    call_status: record.status,
    api_version: '2010-04-01',
    direction: record.direction,
    from: record.from,
    caller: record.from,
    to: record.to,
    called: record.to,
  };
  return {
    workflow,
    attributes: JSON.stringify(attributes),
    priority: task?.priority,
    timeoutSeconds: task?.timeoutSeconds,
    taskChannel: 'voice',
  };
}

function afterwards(verb: Enqueue, place: Place, extra: WebhookParameters): Step {
  return verb.action ? linkSource(verb.action, { place, extra }) : next;
}

/** The wait document is asked for again as often as it comes to its end. */
async function stayInQueue(live: LiveCall, stay: Stay): Promise<Stayed> {
  for (;;) {
    const since = live.world.clock.now();
    const run = await waitOnce(live, stay);
    const now = live.world.clock.now();
    switch (run.kind) {
      case 'next': {
        const interrupt = now > since ? undefined : await restABit(live);
        const leftAt = live.world.clock.now();
        if (interrupt) return { leftAt, left: await afterInterrupt(live, interrupt) };
        break;
      }
      case 'left':
        return { leftAt: now, left: { kind: 'goes-on', result: 'leave' } };
      case 'ended':
        return { leftAt: now, left: afterEnd(run.cause) };
      case 'interrupted':
        return { leftAt: now, left: await afterInterrupt(live, run.by) };
    }
  }
}

interface Stayed {
  readonly left: Left;
  /** When the call was in the queue no more: a conversation that follows does not count. */
  readonly leftAt: number;
}

/** A document without anything to hear would be asked for without end. */
const restABit = (live: LiveCall) => passTime(live, live.world.clock.now() + 1000);

async function waitOnce(live: LiveCall, { verb, place, queue, member }: Stay) {
  const { clock } = live.world;
  const url = verb.waitUrl && absolute(place, verb.waitUrl.url);
  if (verb.waitUrl && url !== undefined) {
    const extra = waitParameters(queue, member, clock.now());
    const source: Source = { kind: 'page', url, method: verb.waitUrl.method, extra };
    return runDocuments(live, source, 'queue');
  }
  const music = write(live, { kind: 'heard', what: 'music', text: "Twilio's hold music", ms: 0 });
  const since = clock.now();
  const interrupt = await passTime(live, undefined);
  if (music.kind === 'heard') music.ms = clock.now() - since;
  return interrupt ? ({ kind: 'interrupted', by: interrupt } as const) : next;
}

/** A wait document that cannot be had takes the call out of the queue (assumption); `<Hangup>` ends the call. */
function afterEnd(cause: EndCause): Left {
  if (cause === 'application-error') return { kind: 'goes-on', result: 'error' };
  return { kind: 'over', result: 'hangup', step: { kind: 'ended', cause } };
}

async function afterInterrupt(live: LiveCall, by: Interrupt): Promise<Left> {
  if (by.kind === 'dequeued') return meet(live, by.by);
  const result = by.kind === 'redirected' ? 'redirected' : 'hangup';
  return { kind: 'over', result, step: { kind: 'interrupted', by } };
}

/** Taken out of the queue: whispered to, connected, and let go again. */
async function meet(live: LiveCall, by: Dequeuer): Promise<Left> {
  stopWaiting(live);
  if (by.kind === 'redirect') {
    return { kind: 'over', result: 'redirected', step: { kind: 'goto', source: by.source } };
  }
  if (by.kind === 'task-canceled') return { kind: 'goes-on', result: 'leave' };
  if (by.whisper) {
    const run = await runDocuments(live, by.whisper, 'whisper');
    if (run.kind === 'interrupted' || run.kind === 'ended') {
      tell(live, by.callSid, 'leg-over');
      return { kind: 'over', result: 'hangup', step: run };
    }
  }
  tell(live, by.callSid, 'leg-answered');
  const talked = await talk(live, { peerSid: by.callSid });
  if (talked.kind !== 'interrupted') return { kind: 'goes-on', result: 'bridged' };
  const result = talked.by.kind === 'redirected' ? 'redirected-from-bridged' : 'bridged';
  return { kind: 'over', result, step: { kind: 'interrupted', by: talked.by } };
}

/** Nobody waits for the action's answer any more: the call is over or elsewhere. */
function tellAction({ world, record }: LiveCall, { verb, place }: Stay, extra: WebhookParameters): void {
  const url = verb.action && absolute(place, verb.action.url);
  if (!verb.action || url === undefined) return;
  planCallback(world, {
    kind: 'action-after-hangup',
    accountSid: record.accountSid,
    resourceSid: record.sid,
    callSid: record.sid,
    event: 'Enqueue',
    hook: { url, method: verb.action.method },
    params: [...callParameters(record, 'completed'), ...extra],
  });
}

function note({ world, account, record }: LiveCall, errorCode: number, detail: string): void {
  report(world, {
    accountSid: account.accountSid,
    level: 'WARNING',
    errorCode,
    detail,
    resourceSid: record.sid,
  });
}
