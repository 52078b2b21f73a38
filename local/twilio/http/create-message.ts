import type { MessageStatus } from '../domain/message.ts';
import { renderMessage } from '../domain/render-message.ts';
import { validateCreate } from '../domain/validate-create.ts';
import { acceptMessage, optOutError } from '../engine/accept-message.ts';
import { changeStatus } from '../engine/change-status.ts';
import { deliverCallback } from '../engine/deliver-callback.ts';
import { nextOrdinal, type World } from '../engine/world.ts';
import type { AccountRecord, CallbackEntry, CreateEntry } from '../state/simulator-state.ts';
import type { Reply } from './reply.ts';
import { type Created, createUnderFaults, nextFault } from './under-faults.ts';

/** `POST …/Messages.json`: a request whose outcome a client may never learn. */
export function createMessage(world: World, account: AccountRecord, form: URLSearchParams): Promise<Reply> {
  const entry: CreateEntry = {
    ordinal: nextOrdinal(world, 'create'),
    at: world.clock.now(),
    accountSid: account.accountSid,
    parameters: [...form],
    fault: nextFault(world),
    answered: 'pending',
  };
  world.state.creates.push(entry);
  return createUnderFaults(world, { entry, accept: () => accept(world, { account, form, entry }) });
}

interface Creation {
  readonly account: AccountRecord;
  readonly form: URLSearchParams;
  readonly entry: CreateEntry;
}

async function accept(world: World, { account, form, entry }: Creation): Promise<Created> {
  const validation = validateCreate(form, {
    now: world.clock.now(),
    senders: account.numbers,
    messagingServiceSids: account.messagingServices.map(({ sid }) => sid),
  });
  if (validation.kind === 'invalid') return { kind: 'refused', error: validation.error };
  const optedOut = optOutError(world, account, validation.command);
  if (optedOut) return { kind: 'refused', error: optedOut };
  const accepted = acceptMessage(world, account, validation.command);
  entry.messageSid = accepted.message.sid;
  const body = renderMessage(accepted.message);
  if (accepted.callbackBeforeResponse) await deliverEarly(world, accepted.callbackBeforeResponse);
  return { kind: 'created', body };
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
