import { contactPartition } from '../../../functions/consent/contact-keys.ts';
import { contactIdOf } from '../../../functions/shared/runtime/contact-id.ts';
import { FUNCTIONS } from '../world/function-catalogue.ts';
import type { FunctionDefinition } from '../world/lambda.ts';
import { BEGINNING, CONTACT_KEY } from '../world/settings.ts';
import type { World } from '../world/world.ts';

/** What a client asked for and was told. */
export interface ApiIntent {
  readonly key: string;
  readonly client: string;
  readonly to: string;
  readonly body: string;
  readonly sendAt?: number;
  readonly deadline?: number;
  readonly trafficClass: string;
  isCancelAsked?: boolean;
  /** It came too late when it was asked for again. */
  isRefused?: boolean;
  /** From a 202. */
  id?: string;
  isCanceled?: boolean;
}

const CLIENTS = ['shop', 'clinic'];
const MINUTE = 60_000;
const MAXIMUM_TRIES = 10;

/** Clients of the application API: repeated keys, keys reused for something else, cancels, schedules, identical bodies. */
export const startApiClients = (world: World, count: number): void => {
  for (const address of RECIPIENTS) optIn(world, address);
  const random = world.random('workload');
  for (let number = 0; number < count; number += 1) {
    world.scheduler.at(world.now + random.between(0, 10 * MINUTE), () => ask(world, number));
  }
};

const IDENTICAL = '+15550100000';
const RECIPIENTS = [IDENTICAL, ...Array.from({ length: 40 }, (_, one) => `+1555010${1_000 + one}`)];

/** Everybody asked for advertisements before the world began. */
const optIn = (world: World, address: string): void => {
  const scope = 'everything';
  world.store.put({
    table: 'consent',
    item: {
      pk: contactPartition(contactIdOf(CONTACT_KEY, address)),
      sk: `STANDING#${scope}`,
      scope,
      status: 'opted-in',
      since: BEGINNING - 86_400_000,
      recordId: `opt-in-of-${address.slice(-4)}`,
      source: 'api',
    },
  });
};

const ask = (world: World, number: number): void => {
  const random = world.random('workload');
  const now = Math.round(world.now);
  const isIdentical = random.chance(0.25);
  const sendAt = random.chance(0.15) ? now + Math.round(random.between(MINUTE / 2, 300 * MINUTE)) : undefined;
  const intent: ApiIntent = {
    key: `key-${number}`,
    client: random.pick(CLIENTS),
    to: isIdentical ? IDENTICAL : `+1555010${String(1_000 + random.below(40))}`,
    body: isIdentical ? 'Your code is on its way.' : `Your order ${number} is ready.`,
    ...(sendAt === undefined ? {} : { sendAt }),
    ...(random.chance(0.05)
      ? { deadline: (sendAt ?? now) + Math.round(random.between(20_000, 5 * MINUTE)) }
      : {}),
    trafficClass: random.pick(['otp', 'transactional', 'transactional', 'marketing']),
  };
  world.intents.push(intent);
  send(world, intent);
  if (random.chance(0.1)) world.scheduler.after(random.between(0, 2_000), () => send(world, intent));
  if (random.chance(0.03)) world.scheduler.after(20 * MINUTE, () => reuseKey(world, intent));
  const cancels = random.chance(sendAt === undefined ? 0.1 : 0.4);
  // Half of them while the message is on its way to Twilio.
  const patience = random.chance(0.5) ? random.between(100, 3_000) : random.between(3_000, 4 * MINUTE);
  if (cancels) world.scheduler.after(patience, () => cancel(world, intent));
};

const bodyOf = ({ to, body, sendAt, deadline, trafficClass }: ApiIntent): string =>
  JSON.stringify({
    to,
    body,
    trafficClass,
    // In the middle of the day when a world begins: open until 18 h, and quiet then.
    ...(trafficClass === 'marketing' ? { timeZone: 'Europe/London' } : {}),
    ...(sendAt === undefined ? {} : { sendAt: new Date(sendAt).toISOString() }),
    ...(deadline === undefined ? {} : { deadline: new Date(deadline).toISOString() }),
  });

/** What clients do about a restore: everything that they asked for, once more under the same keys. */
export const askAgain = (world: World): void => {
  for (const intent of world.intents) {
    const after = world.random('clients').between(0, MINUTE);
    world.scheduler.after(after, () => send(world, intent));
    if (intent.isCancelAsked === true) world.scheduler.after(after + 10_000, () => cancel(world, intent));
  }
};

const send = (world: World, intent: ApiIntent): void =>
  request(
    world,
    {
      routeKey: 'POST /v1/messages',
      client: intent.client,
      key: intent.key,
      body: bodyOf(intent),
    },
    (status, body) => {
      if (status === 202) intent.id ??= String(body.id);
      else if (status === 422) intent.isRefused = true;
      else world.violate('api-answer', `a new message was answered with ${status}`, intent.key);
      if (status === 202 && intent.id !== body.id) {
        world.violate(
          'api-answer',
          `one key was answered with two ids: ${intent.id} and ${String(body.id)}`,
          intent.key,
        );
      }
    },
  );

const reuseKey = (world: World, intent: ApiIntent): void => {
  if (intent.id === undefined) return;
  const body = bodyOf({ ...intent, body: 'something else' });
  request(
    world,
    { routeKey: 'POST /v1/messages', client: intent.client, key: intent.key, body },
    (status) => {
      world.coverage.reach('reached: key reused for another message');
      if (status !== 409 && status !== 422)
        world.violate('api-answer', `a reused key was answered with ${status}`, intent.id ?? '');
    },
  );
};

const cancel = (world: World, intent: ApiIntent): void => {
  const { id } = intent;
  if (id === undefined) return;
  intent.isCancelAsked = true;
  request(
    world,
    { routeKey: 'POST /v1/messages/{id}/cancel', client: intent.client, key: `cancel-${intent.key}`, id },
    (status, body) => {
      world.coverage.reach(`reached: cancel answered ${status}`);
      if (status === 200 && body.state === 'SUPPRESSED') intent.isCanceled = true;
    },
  );
};

export interface Call {
  /** @default serve-messages */
  readonly worker?: FunctionDefinition;
  readonly routeKey: string;
  readonly client: string;
  readonly key: string;
  readonly id?: string;
  readonly body?: string;
}

type Answered = (status: number, body: Readonly<Record<string, unknown>>) => void;

/** A client library: the same key again after 5xx, a lost answer or ten seconds of silence. */
export const request = (world: World, call: Call, answered: Answered, tries = 1): void => {
  const random = world.random('clients');
  let isOver = false;
  const again = () => {
    if (isOver) return;
    isOver = true;
    if (tries >= MAXIMUM_TRIES) return world.coverage.reach('fault: client gives up');
    world.coverage.reach('fault: client asks again');
    world.scheduler.after(random.between(0.5, 1) * 1_000 * 2 ** Math.min(tries, 7), () =>
      request(world, call, answered, tries + 1),
    );
  };
  world.scheduler.after(10_000, again);
  world.lambda.invoke(call.worker ?? FUNCTIONS.serveMessages, httpEvent(call), (result) => {
    if (isOver) return;
    if (result.kind === 'failed' || random.chance(world.faults.responseLost)) return again();
    const { statusCode, body } = result.value as { readonly statusCode: number; readonly body: string };
    world.note(`api ${call.key} ${call.id ?? ''} answered ${statusCode} ${statusCode === 202 ? body : ''}`);
    if (statusCode >= 500) return again();
    isOver = true;
    answered(statusCode, JSON.parse(body) as Readonly<Record<string, unknown>>);
  });
};

const httpEvent = ({ routeKey, client, key, id, body }: Call): object => ({
  version: '2.0',
  routeKey,
  rawPath: (routeKey.split(' ')[1] ?? '').replace('{id}', id ?? ''),
  rawQueryString: '',
  headers: { 'content-type': 'application/json', 'idempotency-key': key },
  pathParameters: id === undefined ? undefined : { id },
  requestContext: {
    requestId: 'simulated',
    authorizer: {
      jwt: { claims: { client_id: client, scope: 'messages:send messages:read' }, scopes: null },
    },
  },
  body,
  isBase64Encoded: false,
});
