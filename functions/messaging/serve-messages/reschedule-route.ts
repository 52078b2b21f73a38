import { RescheduleMessageRequest } from '../../shared/contract/api/messages.ts';
import type { SenderPool } from '../../shared/contract/settings.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { HttpRequest } from '../../shared/runtime/http/http-request.ts';
import { type HttpResponse, json } from '../../shared/runtime/http/http-response.ts';
import { problem } from '../../shared/runtime/http/problem.ts';
import { readJsonBody } from '../../shared/runtime/http/read-json-body.ts';
import type { MessageIntent } from '../domain/intent.ts';
import type { StorePorts } from '../intent-store.ts';
import { intentView } from '../intent-view.ts';
import { timeProblems } from '../request-message.ts';
import { type RescheduleMessageOutcome, rescheduleMessage } from '../reschedule-message.ts';

/** Another time for a message of the caller; the same time again changes nothing. */
export async function answerReschedule(
  request: HttpRequest,
  intent: MessageIntent,
  pools: readonly SenderPool[],
  ports: StorePorts & { readonly clock: Clock },
): Promise<HttpResponse> {
  const body = readJsonBody(request, RescheduleMessageRequest);
  if (body.kind === 'refused') return body.response;
  const sendAt = Date.parse(body.body.sendAt);
  const deadline = body.body.deadline === undefined ? undefined : Date.parse(body.body.deadline);
  const times = { sendAt, ...(deadline === undefined ? {} : { deadline }) };
  const errors = timeProblems({ clientId: '', idempotencyKey: '', ...times }, ports.clock());
  if (errors.length > 0)
    return problem(request, {
      status: 422,
      slug: 'message-refused',
      title: 'The message cannot be sent as asked',
      errors,
    });
  const pool = pools.find(({ name }) => name === intent.pool);
  const aheadSeconds = pool === undefined || pool.channel === 'voice' ? undefined : pool.scheduleAheadSeconds;
  const time = { ...times, ...(aheadSeconds === undefined ? {} : { aheadSeconds }) };
  return answer(request, await rescheduleMessage(intent, time, ports));
}

function answer(request: HttpRequest, outcome: RescheduleMessageOutcome): HttpResponse {
  if (outcome.kind === 'rescheduled') return json(200, intentView(outcome.intent));
  const detail =
    outcome.kind === 'at-twilio'
      ? 'Twilio holds it until its time: cancel it, and ask for a new one once it is canceled.'
      : `It is ${outcome.state}.`;
  return problem(request, {
    status: 409,
    slug: 'too-late-to-reschedule',
    title: 'The message can no longer be rescheduled',
    detail,
  });
}
