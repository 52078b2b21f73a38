import { filterMessages, pageOf, renderPage } from '../domain/list-messages.ts';
import { isFinal, type MessageRecord } from '../domain/message.ts';
import { renderMessage } from '../domain/render-message.ts';
import { notFound, twilioError } from '../domain/twilio-error.ts';
import { cancelMessage } from '../engine/cancel-message.ts';
import { type ApiCall, type ApiRoute, apiError } from './api-call.ts';
import { createMessage } from './create-message.ts';
import { json, noContent, type Reply } from './reply.ts';

export const messageRoutes: readonly ApiRoute[] = [
  {
    method: 'POST',
    path: '/Messages.json',
    handle: ({ world, account, form }) => createMessage(world, account, form),
  },
  { method: 'GET', path: '/Messages.json', handle: listMessages },
  {
    method: 'GET',
    path: '/Messages/{Sid}.json',
    handle: (call) => withMessage(call, (message) => json(200, renderMessage(message))),
  },
  {
    method: 'POST',
    path: '/Messages/{Sid}.json',
    handle: (call) => withMessage(call, (message) => updateMessage(call, message)),
  },
  { method: 'DELETE', path: '/Messages/{Sid}.json', handle: (call) => withMessage(call, deleteMessage) },
];

function withMessage(call: ApiCall, answer: (message: MessageRecord) => Reply): Reply {
  const message = call.world.state.messages[call.params.Sid ?? ''];
  const visible = message && !message.deleted && message.accountSid === call.account.accountSid;
  return visible ? answer(message) : apiError(notFound(call.request.path));
}

function listMessages({ world, account, request }: ApiCall): Reply {
  const own = Object.values(world.state.messages).filter(
    ({ accountSid }) => accountSid === account.accountSid,
  );
  const result = pageOf(filterMessages(own, request.query, world.clock.now()), request.query);
  if (result.kind === 'invalid') return apiError(result.error);
  const page = { ...result.page, items: result.page.items.map(renderMessage) };
  return json(200, renderPage('messages', page, request));
}

/** Two changes are possible: the body can be emptied once the message is final, a scheduled one can be canceled. */
function updateMessage({ world, form }: ApiCall, message: MessageRecord): Reply {
  const status = form.get('Status');
  const body = form.get('Body');
  if (status !== null && status !== 'canceled') {
    return apiError(twilioError(20001, `Status ${status} cannot be set`));
  }
  if (body !== null && body !== '') {
    return apiError(twilioError(20001, 'Body can only be emptied'));
  }
  const refusal = status === 'canceled' ? cancelMessage(world, message) : undefined;
  if (refusal) return apiError(refusal);
  if (body === '') {
    if (!isFinal(message.status)) return apiError(stillUnderWay());
    message.body = '';
    message.updatedAt = world.clock.now();
  }
  return json(200, renderMessage(message));
}

function deleteMessage(message: MessageRecord): Reply {
  if (!isFinal(message.status)) return apiError(stillUnderWay());
  message.deleted = true;
  return noContent();
}

const stillUnderWay = () => twilioError(20009, 'Cannot delete this resource before it is complete', 409);
