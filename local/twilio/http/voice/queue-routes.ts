import { pageOf, renderPage } from '../../domain/list-messages.ts';
import { notFound, type TwilioError, twilioError } from '../../domain/twilio-error.ts';
import {
  largestQueueSize,
  type QueueMember,
  type QueueRecord,
  renderMember,
  renderQueue,
} from '../../domain/voice/queue.ts';
import { hookIn } from '../../domain/voice/validate-call.ts';
import { findLive } from '../../engine/voice/live-call.ts';
import { createQueue, findQueue } from '../../engine/voice/queues.ts';
import { type ApiCall, type ApiRoute, apiError } from '../api-call.ts';
import { json, noContent, type Reply } from '../reply.ts';

const members = '/Queues/{Sid}/Members';

export const queueRoutes: readonly ApiRoute[] = [
  { method: 'GET', path: '/Queues.json', handle: listQueues },
  { method: 'POST', path: '/Queues.json', handle: create },
  {
    method: 'GET',
    path: '/Queues/{Sid}.json',
    handle: (call) => withQueue(call, (queue) => json(200, renderQueue(queue))),
  },
  {
    method: 'POST',
    path: '/Queues/{Sid}.json',
    handle: (call) => withQueue(call, (queue) => update(call, queue)),
  },
  {
    method: 'DELETE',
    path: '/Queues/{Sid}.json',
    handle: (call) => withQueue(call, (queue) => remove(call, queue)),
  },
  {
    method: 'GET',
    path: `${members}.json`,
    handle: (call) => withQueue(call, (queue) => listMembers(call, queue)),
  },
  {
    method: 'GET',
    path: `${members}/{CallSid}.json`,
    handle: (call) => withMember(call, (queue, member) => showMember(call, queue, member)),
  },
  {
    method: 'POST',
    path: `${members}/{CallSid}.json`,
    handle: (call) => withMember(call, (queue, member) => dequeue(call, queue, member)),
  },
];

function withQueue(
  { world, account, params, request }: ApiCall,
  answer: (queue: QueueRecord) => Reply,
): Reply {
  const queue = world.state.voice.queues[params.Sid ?? ''];
  return queue && queue.accountSid === account.accountSid ? answer(queue) : apiError(notFound(request.path));
}

/** `Front` is whoever is first. */
function withMember(call: ApiCall, answer: (queue: QueueRecord, member: QueueMember) => Reply): Reply {
  const { CallSid: wanted } = call.params;
  return withQueue(call, (queue) => {
    const member =
      wanted === 'Front' ? queue.members[0] : queue.members.find(({ callSid }) => callSid === wanted);
    return member ? answer(queue, member) : apiError(notFound(call.request.path));
  });
}

function listQueues({ world, account, request }: ApiCall): Reply {
  const own = Object.values(world.state.voice.queues).filter(
    ({ accountSid }) => accountSid === account.accountSid,
  );
  const result = pageOf(own, request.query);
  if (result.kind === 'invalid') return apiError(result.error);
  const items = result.page.items.map(renderQueue);
  return json(200, renderPage('queues', { ...result.page, items }, request));
}

function create({ world, account, form }: ApiCall): Reply {
  const friendlyName = form.get('FriendlyName') ?? '';
  if (friendlyName === '') return apiError(twilioError(22000, 'A queue needs a FriendlyName'));
  const wrong = sizeError(form);
  if (wrong) return apiError(wrong);
  if (findQueue(world, account.accountSid, friendlyName)) {
    return apiError(twilioError(22003, `A queue named ${friendlyName} exists already`));
  }
  const size = form.get('MaxSize');
  const queue = createQueue(world, account.accountSid, {
    friendlyName,
    maxSize: size === null ? undefined : Number(size),
  });
  return json(201, renderQueue(queue));
}

function update({ world, form }: ApiCall, queue: QueueRecord): Reply {
  const wrong = sizeError(form);
  if (wrong) return apiError(wrong);
  const size = form.get('MaxSize');
  if (size !== null) queue.maxSize = Number(size);
  queue.friendlyName = form.get('FriendlyName') || queue.friendlyName;
  queue.updatedAt = world.clock.now();
  return json(200, renderQueue(queue));
}

function sizeError(form: URLSearchParams): TwilioError | undefined {
  const text = form.get('MaxSize');
  if (text === null) return undefined;
  const size = Number(text);
  const valid = Number.isInteger(size) && size >= 1 && size <= largestQueueSize;
  return valid
    ? undefined
    : twilioError(20001, `MaxSize must be a whole number from 1 to ${largestQueueSize}`);
}

function remove({ world }: ApiCall, queue: QueueRecord): Reply {
  if (queue.members.length > 0) return apiError(twilioError(22004, 'The queue is not empty', 409));
  delete world.state.voice.queues[queue.sid];
  return noContent();
}

function listMembers({ world, request }: ApiCall, queue: QueueRecord): Reply {
  const items = queue.members.map((member) => ({ ...member, sid: member.callSid }));
  const result = pageOf(items, request.query);
  if (result.kind === 'invalid') return apiError(result.error);
  const shown = result.page.items.map((member) => renderMember(queue, member, world.clock.now()));
  return json(200, renderPage('queue_members', { ...result.page, items: shown }, request));
}

const showMember = ({ world }: ApiCall, queue: QueueRecord, member: QueueMember): Reply =>
  json(200, renderMember(queue, member, world.clock.now()));

/** Takes the member out of the queue to another document. */
function dequeue(call: ApiCall, queue: QueueRecord, member: QueueMember): Reply {
  const { world, form } = call;
  const page = hookIn(form, 'Url', 'Method');
  if (!page || !URL.canParse(page.url)) return apiError(twilioError(21205, 'Url parameter is required.'));
  const reply = showMember(call, queue, member);
  const source = { kind: 'page', ...page } as const;
  findLive(world, member.callSid)?.strand.send({ kind: 'dequeued', by: { kind: 'redirect', source } });
  return reply;
}
