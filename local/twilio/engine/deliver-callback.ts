import { createRandom } from '../domain/random.ts';
import { statusParameters } from '../domain/webhook-parameters.ts';
import { deliverWebhook } from '../webhooks/deliver-webhook.ts';
import { findAccount, report, type World } from './world.ts';

/** Sends one copy of a status callback and notes every attempt in the ledger. */
export async function deliverCallback(world: World, callbackId: string, copy: number): Promise<void> {
  const entry = world.state.callbacks[callbackId];
  const message = entry && world.state.messages[entry.messageSid];
  const account = message && findAccount(world, message.accountSid);
  if (!entry || !message || !account) return;
  const change = { status: entry.status, at: entry.statusAt, errorCode: entry.errorCode };
  const { attempts, result } = await deliverWebhook(
    {
      url: entry.url,
      method: 'POST',
      params: statusParameters(message, change),
      authToken: account.authToken,
      idempotencyToken: idempotencyToken(world, callbackId, copy),
    },
    { transport: world.transport, now: world.clock.now },
  );
  entry.attempts.push(...attempts.map((attempt) => ({ ...attempt, copy })));
  if (result.kind === 'failed') {
    report(world, {
      accountSid: account.accountSid,
      level: 'ERROR',
      errorCode: result.errorCode,
      detail: result.detail,
      resourceSid: message.sid,
      url: entry.url,
    });
  }
}

/** Stays the same over the retries of one delivery (Twilio's libraries rely on it; its documents are not explicit). */
export function idempotencyToken(world: World, ...keys: (string | number)[]): string {
  const hex = createRandom(world.state.seed, 'idempotency', ...keys).hex(32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
