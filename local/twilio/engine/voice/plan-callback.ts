import { createRandom } from '../../domain/random.ts';
import type { Hook } from '../../domain/voice/call.ts';
import type { WebhookParameters } from '../../domain/webhook-parameters.ts';
import type { VoiceCallbackEntry } from '../../state/voice-state.ts';
import { deliverWebhook } from '../../webhooks/deliver-webhook.ts';
import { idempotencyToken } from '../deliver-callback.ts';
import { faultRandom, findAccount, nextOrdinal, report, type World } from '../world.ts';

export interface NewCallback {
  readonly kind: VoiceCallbackEntry['kind'];
  readonly accountSid: string;
  readonly resourceSid: string;
  readonly callSid?: string | undefined;
  readonly event: string;
  readonly hook: Hook;
  readonly params: WebhookParameters;
  /** The last of its resource: those that were held back to be reordered follow it. */
  readonly isLast?: boolean | undefined;
}

const gapMs = 100;

/** Puts a callback on the clock: late, twice, out of order or never, as the faults say. */
export function planCallback(world: World, callback: NewCallback): void {
  const { hook, isLast = false, ...told } = callback;
  const { faults } = world.state;
  const random = faultRandom(world, 'voice-callback');
  const lost = random.chance(faults.callbackLost);
  const repeated = random.chance(faults.callbackDuplicate);
  const delay = () =>
    faults.callbackDelayMs ? random.between(faults.callbackDelayMs.min, faults.callbackDelayMs.max) : 0;
  const at = world.clock.now();
  const first = at + delay();
  const entry: VoiceCallbackEntry = {
    id: `VC${nextOrdinal(world, 'voice-callback')}`,
    ...told,
    at,
    url: hook.url,
    method: hook.method,
    lost,
    plannedFor: lost ? [] : repeated ? [first, first + random.between(1, 1000) + delay()] : [first],
    attempts: [],
  };
  world.state.voice.callbacks[entry.id] = entry;
  world.state.voice.calls[entry.callSid ?? '']?.callbacks.push(entry.id);
  if (!isReordered(world, entry)) scheduleCopies(world, entry);
  else if (isLast) releaseHeld(world, entry);
  else entry.plannedFor = [];
}

/** One draw for each resource: all its status callbacks come last first, once the last has been fired. */
function isReordered({ state }: World, entry: VoiceCallbackEntry): boolean {
  if (entry.kind !== 'call-status' || state.faults.callbackReorder === 0) return false;
  return createRandom(state.faultSeed, 'voice-reorder', entry.resourceSid).chance(
    state.faults.callbackReorder,
  );
}

function releaseHeld(world: World, last: VoiceCallbackEntry): void {
  const { calls, callbacks } = world.state.voice;
  const held = (calls[last.resourceSid]?.callbacks ?? [])
    .flatMap((id) => callbacks[id] ?? [])
    .filter((entry) => entry.kind === 'call-status' && !entry.lost);
  held.reverse().forEach((entry, index) => {
    entry.plannedFor = [world.clock.now() + index * gapMs];
    scheduleCopies(world, entry);
  });
}

function scheduleCopies(world: World, entry: VoiceCallbackEntry): void {
  entry.plannedFor.forEach((at, index) => {
    world.schedule({ kind: 'voice-callback', at, callbackId: entry.id, copy: index + 1 });
  });
}

/** Sends one copy and notes every attempt in the ledger; an answer that is no success is a warning (15003). */
export async function deliverVoiceCallback(world: World, callbackId: string, copy: number): Promise<void> {
  const entry = world.state.voice.callbacks[callbackId];
  const account = entry && findAccount(world, entry.accountSid);
  if (!entry || !account) return;
  const { attempts, result } = await deliverWebhook(
    {
      url: entry.url,
      method: entry.method,
      params: entry.params,
      authToken: account.authToken,
      idempotencyToken: idempotencyToken(world, callbackId, copy),
      product: 'voice',
    },
    { transport: world.transport, now: world.clock.now },
  );
  entry.attempts.push(...attempts.map((attempt) => ({ ...attempt, copy })));
  if (result.kind === 'answered') return;
  report(world, {
    accountSid: entry.accountSid,
    level: 'WARNING',
    errorCode: entry.kind === 'call-status' ? 15003 : result.errorCode,
    detail: result.detail,
    resourceSid: entry.resourceSid,
    url: entry.url,
  });
}
