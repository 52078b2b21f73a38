import { type CreateFault, chooseCreateFault } from '../domain/faults.ts';
import type { MessageStatus } from '../domain/message.ts';
import { renderMessage } from '../domain/render-message.ts';
import { renderError, tooManyRequests, twilioError } from '../domain/twilio-error.ts';
import { validateCreate } from '../domain/validate-create.ts';
import { acceptMessage, optOutError } from '../engine/accept-message.ts';
import { changeStatus } from '../engine/change-status.ts';
import { deliverCallback } from '../engine/deliver-callback.ts';
import { faultRandom, nextOrdinal, type World } from '../engine/world.ts';
import type { AccountRecord, CallbackEntry, CreateEntry, HowAnswered } from '../state/simulator-state.ts';
import { json, type Reply } from './reply.ts';

/** `POST …/Messages.json`: the one request whose outcome a client may never learn. */
export async function createMessage(
  world: World,
  account: AccountRecord,
  form: URLSearchParams,
): Promise<Reply> {
  const { entry, fault } = recordRequest(world, account, form);
  world.load.creates += 1;
  try {
    const reply = tooBusy(world) ?? (await attempt(world, { account, form, entry, fault }));
    entry.answered = answeredBy(reply);
    return reply.kind === 'answer' ? { ...reply, onUnheard: () => noteUnheard(entry) } : reply;
  } finally {
    world.load.creates -= 1;
  }
}

function noteUnheard(entry: CreateEntry): void {
  entry.answered = 'unheard';
}

const tooBusy = ({ load }: World): Reply | undefined =>
  load.creates > load.mostCreates ? json(429, renderError(tooManyRequests())) : undefined;

async function attempt(world: World, creation: Creation): Promise<Reply> {
  await delay(world);
  return beforeAcceptance(creation.fault) ?? accept(world, creation);
}

function answeredBy(reply: Reply): HowAnswered {
  switch (reply.kind) {
    case 'answer':
      return { status: reply.status };
    case 'hang':
      return 'hung';
    case 'reset':
      return 'reset';
  }
}

function recordRequest(world: World, account: AccountRecord, form: URLSearchParams) {
  const fault = nextFault(world);
  const entry: CreateEntry = {
    ordinal: nextOrdinal(world, 'create'),
    at: world.clock.now(),
    accountSid: account.accountSid,
    parameters: [...form],
    fault,
    answered: 'pending',
  };
  world.state.creates.push(entry);
  return { entry, fault };
}

function nextFault(world: World): CreateFault | undefined {
  const { faults } = world.state;
  const [scripted, ...rest] = faults.nextCreates;
  if (scripted !== undefined) {
    world.state.faults = { ...faults, nextCreates: rest };
    return scripted === 'none' ? undefined : scripted;
  }
  return chooseCreateFault(faults, faultRandom(world, 'create').next());
}

async function delay(world: World): Promise<void> {
  const span = world.state.faults.createDelayMs;
  if (!span) return;
  const at = world.clock.now() + faultRandom(world, 'create-delay').between(span.min, span.max);
  await new Promise<void>((resolve) => world.clock.schedule(at, async () => resolve()));
}

function beforeAcceptance(fault: CreateFault | undefined): Reply | undefined {
  switch (fault) {
    case 'createFails429':
      return json(429, renderError(tooManyRequests()));
    case 'createFails5xxBefore':
      return json(503, renderError(twilioError(20503, 'Service unavailable', 503)));
    case 'createTimesOutBefore':
      return { kind: 'hang' };
    case 'createFails5xxAfterAccept':
    case 'createTimesOutAfterAccept':
    case 'responseReset':
    case 'rubbish2xx':
    case undefined:
      return undefined;
  }
}

interface Creation {
  readonly account: AccountRecord;
  readonly form: URLSearchParams;
  readonly entry: CreateEntry;
  readonly fault: CreateFault | undefined;
}

async function accept(world: World, { account, form, entry, fault }: Creation): Promise<Reply> {
  const validation = validateCreate(form, {
    now: world.clock.now(),
    senders: account.numbers,
    messagingServiceSids: account.messagingServices.map(({ sid }) => sid),
  });
  const error =
    validation.kind === 'invalid' ? validation.error : optOutError(world, account, validation.command);
  if (error || validation.kind === 'invalid') {
    const refusal = error ?? twilioError(20500, 'Internal Server Error', 500);
    entry.errorCode = refusal.code;
    return json(refusal.status, renderError(refusal));
  }
  const accepted = acceptMessage(world, account, validation.command);
  entry.messageSid = accepted.message.sid;
  const body = renderMessage(accepted.message);
  if (accepted.callbackBeforeResponse) await deliverEarly(world, accepted.callbackBeforeResponse);
  return afterAcceptance(fault, body);
}

/** The status has been reached by the time its callback is sent, even if the client does not know the SID yet. */
async function deliverEarly(world: World, callback: CallbackEntry): Promise<void> {
  const message = world.state.messages[callback.messageSid];
  const way: MessageStatus[] = callback.status === 'sent' ? ['sending', 'sent'] : [callback.status];
  for (const status of message ? way : []) {
    if (message)
      changeStatus(world, message, {
        status,
        errorCode: status === callback.status ? callback.errorCode : undefined,
      });
  }
  await deliverCallback(world, callback.id, 1);
}

function afterAcceptance(fault: CreateFault | undefined, body: Record<string, unknown>): Reply {
  switch (fault) {
    case 'createFails5xxAfterAccept':
      return json(500, renderError(twilioError(20500, 'Internal Server Error', 500)));
    case 'createTimesOutAfterAccept':
      return { kind: 'hang' };
    case 'responseReset':
      return { kind: 'reset' };
    case 'rubbish2xx':
      return {
        kind: 'answer',
        status: 201,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body).slice(0, 40),
      };
    case 'createFails429':
    case 'createFails5xxBefore':
    case 'createTimesOutBefore':
    case undefined:
      return json(201, body);
  }
}
