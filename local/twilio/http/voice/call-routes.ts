import { pageOf, renderPage } from '../../domain/list-messages.ts';
import { notFound, twilioError } from '../../domain/twilio-error.ts';
import { type CallRecord, isOver } from '../../domain/voice/call.ts';
import { filterCalls } from '../../domain/voice/list-calls.ts';
import { renderCall } from '../../domain/voice/render-call.ts';
import { changeCall } from '../../engine/voice/change-call.ts';
import { type ApiCall, type ApiRoute, apiError } from '../api-call.ts';
import { json, noContent, type Reply } from '../reply.ts';
import { createCall } from './create-call.ts';

export const callRoutes: readonly ApiRoute[] = [
  { method: 'POST', path: '/Calls.json', handle: createCall },
  { method: 'GET', path: '/Calls.json', handle: listCalls },
  {
    method: 'GET',
    path: '/Calls/{Sid}.json',
    handle: (call) => withCall(call, (record) => json(200, renderCall(record))),
  },
  {
    method: 'POST',
    path: '/Calls/{Sid}.json',
    handle: (call) => withCall(call, (record) => updateCall(call, record)),
  },
  { method: 'DELETE', path: '/Calls/{Sid}.json', handle: (call) => withCall(call, deleteCall) },
];

export function withCall(call: ApiCall, answer: (record: CallRecord) => Reply, name = 'Sid'): Reply {
  const record = call.world.state.voice.calls[call.params[name] ?? ''];
  const visible = record && !record.deleted && record.accountSid === call.account.accountSid;
  return visible ? answer(record) : apiError(notFound(call.request.path));
}

function listCalls({ world, account, request }: ApiCall): Reply {
  const own = Object.values(world.state.voice.calls).filter(
    ({ accountSid }) => accountSid === account.accountSid,
  );
  const result = pageOf(filterCalls(own, request.query, world.clock.now()), request.query);
  if (result.kind === 'invalid') return apiError(result.error);
  const page = { ...result.page, items: result.page.items.map(renderCall) };
  return json(200, renderPage('calls', page, request));
}

function updateCall({ world, form }: ApiCall, record: CallRecord): Reply {
  const refusal = changeCall(world, record, form);
  return refusal ? apiError(refusal) : json(200, renderCall(record));
}

function deleteCall(record: CallRecord): Reply {
  if (!isOver(record.status)) {
    return apiError(twilioError(20009, 'Cannot delete this resource before it is complete', 409));
  }
  record.deleted = true;
  return noContent();
}
