import { createOptOutBarrier } from '../../../functions/consent/opt-out-barrier.ts';
import { claimRevocation } from '../../../functions/ingress/claim-revocation.ts';
import { claimInboundMessage } from '../../../functions/ingress/domain/claim.ts';
import { resolveHookPath } from '../../../functions/ingress/domain/hook-path.ts';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { deliverIntent } from '../../../functions/messaging/send-message/deliver-intent.ts';
import type { ConsentGuard } from '../../../functions/shared/ports/consent-guard.ts';
import type { TableFault } from '../in-memory-table-client.ts';
import { RecordingObserver } from '../ingress/recording-observer.ts';
import { pending } from '../messaging/intents.ts';
import { sidOf } from '../messaging/scripted-twilio.ts';
import { ACCOUNT } from '../messaging/settings.ts';
import { Stage } from '../messaging/stage.ts';
import { CONTACT_KEY, contactOf } from './consent-of.ts';

const ANNA = '+14155550123';
const NOON = '2026-03-01T12:00:00.000Z';

export interface RaceOutcome {
  /** Armed although the barrier stood: the promise is broken. */
  readonly armedAfterOptOut: boolean;
  /** `sent`, `suppressed`, `left`. */
  readonly end: string;
  readonly conflicts: number;
  readonly steps: number;
}

/** Steps of several actors, one table call at a time, in an order that chance draws. */
class Interleaving {
  readonly #random: () => number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  steps = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Before a table call: waits for its turn. */
  async turn(): Promise<void> {
    this.#running -= 1;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#next();
    });
  }

  async run(actors: readonly (() => Promise<unknown>)[]): Promise<void> {
    this.#running = actors.length;
    await Promise.all(
      actors.map(async (actor) => {
        // Killed or refused for good: the queue or Twilio would try again, which is another race.
        await actor().catch(() => undefined);
        this.#running -= 1;
        this.#next();
      }),
    );
  }

  #next(): void {
    if (this.#running > 0 || this.#waiting.length === 0) return;
    const [resolve] = this.#waiting.splice(Math.floor(this.#random() * this.#waiting.length), 1);
    this.#running += 1;
    this.steps += 1;
    resolve?.();
  }
}

/** Park and Miller's minimal standard generator, warmed up: neighbouring seeds must not begin alike. */
const seeded = (seed: number): (() => number) => {
  let state = ((seed * 7_919) % 2_147_483_646) + 1;
  const next = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  for (let at = 0; at < 5; at += 1) next();
  return next;
};

const FAULTS: readonly TableFault[] = [
  'transaction-conflict',
  'throttled',
  'acknowledgement-lost',
  'repeated',
];

/** A message that is being sent, by one or two senders, to somebody who texts STOP at the same time. */
export async function raceStop(
  seed: number,
  options: { readonly faultRate?: number; readonly guardOf?: (guard: ConsentGuard) => ConsentGuard } = {},
): Promise<RaceOutcome> {
  const random = seeded(seed);
  const stage = new Stage(NOON);
  const interleaving = new Interleaving(random);
  await writeTransition(undefined, { intent: pending({ to: ANNA }), outbox: [] }, [], stage);
  let armedAfterOptOut = false;
  let conflicts = 0;
  const isBarred = (): boolean =>
    stage.tables
      .items('consent')
      .some(({ pk, status }) => pk === `CONTACT#${contactOf(ANNA)}` && status === 'opted-out');
  stage.tables.onChange(({ newImage }) => {
    if (newImage?.state === 'ARMED' && isBarred()) armedAfterOptOut = true;
  });
  stage.tables.inject({
    before: async ({ operation }) => {
      await interleaving.turn();
      if (operation === 'get' || operation === 'query' || random() >= (options.faultRate ?? 0.15))
        return undefined;
      conflicts += 1;
      return FAULTS[Math.floor(random() * FAULTS.length)];
    },
  });
  const senders = random() < 0.3 ? 2 : 1;
  const consent = options.guardOf?.(stage.consent) ?? stage.consent;
  await interleaving.run([
    ...Array.from(
      { length: senders },
      () => () =>
        deliverIntent(stage.delivery(pending().id), { ...stage, consent, gate: { ...stage.gate, consent } }),
    ),
    () => stop(stage),
  ]);
  stage.tables.inject({});
  const { state } = await stage.intent(pending().id);
  const end = state === 'SUPPRESSED' ? 'suppressed' : stage.twilio.requests.length > 0 ? 'sent' : 'left';
  return { armedAfterOptOut, end, conflicts, steps: interleaving.steps };
}

const stop = (stage: Stage) => {
  const path = resolveHookPath('POST /twilio/{accountSid}/messages/inbound', { accountSid: ACCOUNT });
  if (path === undefined) throw new Error('no such path');
  const fields = new Map([
    ['MessageSid', [sidOf(9)]],
    ['From', [ANNA]],
    ['Body', ['STOP']],
  ]);
  const claim = claimInboundMessage({ accountSid: ACCOUNT, receivedAt: NOON, fields, source: 'webhook' });
  const webhook = {
    path,
    claim,
    payload: '',
    payloadHash: 'hash',
    source: 'webhook',
    receivedAt: stage.now,
    owner: 'stop',
  } as const;
  return claimRevocation(
    webhook,
    {
      inbox: stage.tables,
      barrier: createOptOutBarrier({ keywordScope: 'everything' }, async () => CONTACT_KEY),
      clock: stage.clock,
      randomness: stage.random,
      sleep: stage.sleep,
      observer: new RecordingObserver(),
    },
    { retentionDays: 35 },
  );
};
