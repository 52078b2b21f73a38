import { renderCall } from '../../domain/voice/render-call.ts';
import { validateCall } from '../../domain/voice/validate-call.ts';
import { acceptCall } from '../../engine/voice/start-call.ts';
import { nextOrdinal, report } from '../../engine/world.ts';
import type { CallCreateEntry } from '../../state/voice-state.ts';
import type { ApiCall } from '../api-call.ts';
import type { Reply } from '../reply.ts';
import { type Created, createUnderFaults, nextFault } from '../under-faults.ts';

/** `POST …/Calls.json`: a request whose outcome a client may never learn. */
export function createCall(call: ApiCall): Promise<Reply> {
  const { world, account, form } = call;
  const entry: CallCreateEntry = {
    ordinal: nextOrdinal(world, 'create'),
    at: world.clock.now(),
    accountSid: account.accountSid,
    parameters: [...form],
    fault: nextFault(world),
    answered: 'pending',
  };
  world.state.voice.creates.push(entry);
  return createUnderFaults(world, { entry, accept: async () => accept(call, entry) });
}

function accept({ world, account, form }: ApiCall, entry: CallCreateEntry): Created {
  const now = world.clock.now();
  const validation = validateCall(form, {
    now,
    numbers: account.numbers.map(({ phoneNumber }) => phoneNumber),
    queuedMs: Math.max(0, (world.state.voice.nextDialAt[account.accountSid] ?? 0) - now),
  });
  if (validation.kind === 'invalid') return { kind: 'refused', error: validation.error };
  const record = acceptCall(world, account, validation.command);
  entry.callSid = record.sid;
  for (const warning of validation.warnings) {
    report(world, {
      accountSid: account.accountSid,
      level: 'WARNING',
      errorCode: warning.code,
      detail: warning.message,
      resourceSid: record.sid,
    });
  }
  return { kind: 'created', body: renderCall(record) };
}
