import { describe, expect, test } from '@jest/globals';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { deliverIntent } from '../../../functions/messaging/send-message/deliver-intent.ts';
import { createHandler } from '../../../functions/messaging/serve-messages/handler.ts';
import { MessageView } from '../../../functions/shared/contract/api/messages.ts';
import { ProblemDocument } from '../../../functions/shared/contract/api/service.ts';
import type { HttpResponse } from '../../../functions/shared/runtime/http/http-response.ts';
import { INTENT_ID, pending } from '../../fakes/messaging/intents.ts';
import { httpEvent, lambdaContext } from '../../fakes/messaging/lambda-events.ts';
import { SETTINGS } from '../../fakes/messaging/settings.ts';
import { Stage } from '../../fakes/messaging/stage.ts';

const SHOP = { id: 'shop' };
const BODY = { to: '+14155550123', body: 'Your parcel is here.', trafficClass: 'transactional' };

const stageAtNoon = () => new Stage('2026-03-01T12:00:00Z');
const serve = (stage: Stage, event: unknown): Promise<HttpResponse> =>
  createHandler(SETTINGS, stage)(event, lambdaContext());

interface Post {
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly client?: { readonly id: string; readonly scope?: string } | undefined;
}

const post = (stage: Stage, call: Post = {}) =>
  serve(
    stage,
    httpEvent({
      routeKey: 'POST /v1/messages',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'order-7', ...call.headers },
      body: call.text ?? JSON.stringify(call.body ?? BODY),
      ...('client' in call ? (call.client === undefined ? {} : { client: call.client }) : { client: SHOP }),
    }),
  );

const read = (stage: Stage, id: string, client: Post['client'] = SHOP) =>
  serve(
    stage,
    httpEvent({ routeKey: 'GET /v1/messages/{id}', pathParameters: { id }, ...(client && { client }) }),
  );

const cancel = (stage: Stage, id: string, client: Post['client'] = SHOP) =>
  serve(
    stage,
    httpEvent({
      routeKey: 'POST /v1/messages/{id}/cancel',
      pathParameters: { id },
      headers: { 'idempotency-key': 'cancel-7' },
      ...(client && { client }),
    }),
  );

const bodyOf = (response: HttpResponse) => JSON.parse(response.body);

/** An RFC 9457 answer, and what it says. */
const problemOf = (response: HttpResponse) => {
  expect(response.headers['content-type']).toBe('application/problem+json');
  const problem = ProblemDocument.parse(bodyOf(response));
  expect(problem.status).toBe(response.statusCode);
  expect(problem.instance).toBe('urn:trunkline:request:request-1');
  return {
    status: problem.status,
    slug: problem.type.replace('urn:trunkline:problem:', ''),
    errors: problem.errors,
  };
};

const put = (stage: Stage, changes = {}) =>
  writeTransition(undefined, { intent: pending(changes), outbox: [] }, [], stage);

describe('POST /v1/messages', () => {
  test('answers 202 with the id, the state and where to look', async () => {
    const stage = stageAtNoon();
    const response = await post(stage);
    expect(response.statusCode).toBe(202);
    const { id, state } = bodyOf(response);
    expect(id).toMatch(/^int_[0-9a-f]{32}$/);
    expect(state).toBe('PENDING');
    expect(response.headers).toMatchObject({
      location: `/v1/messages/${id}`,
      'content-type': 'application/json',
      'cache-control': 'no-store',
    });
    expect(await stage.intent(id)).toMatchObject({ clientId: 'shop' });
  });

  test('answers the repeated request as the first, the other one with 409', async () => {
    const stage = stageAtNoon();
    const { id } = bodyOf(await post(stage));
    expect(bodyOf(await post(stage))).toEqual({ id, state: 'PENDING' });
    expect(problemOf(await post(stage, { body: { ...BODY, body: 'Other' } }))).toMatchObject({
      status: 409,
      slug: 'idempotency-key-reused',
    });
    expect(await stage.intent(id)).toMatchObject({ body: 'Your parcel is here.' });
  });

  test('takes a time with an offset, a deadline, media, tags and a correlation id', async () => {
    const stage = stageAtNoon();
    const body = {
      ...BODY,
      channel: 'sms',
      sendAt: '2026-03-02T09:00:00+01:00',
      deadline: '2026-03-02T10:00:00Z',
      mediaUrls: ['https://example.com/a.png'],
      correlationId: 'order-7',
      tags: ['parcel'],
    };
    const { id } = bodyOf(await post(stage, { body }));
    expect(await stage.intent(id)).toMatchObject({
      sendAt: Date.parse('2026-03-02T08:00:00Z'),
      notBefore: Date.parse('2026-03-02T08:00:00Z'),
      deadline: Date.parse('2026-03-02T10:00:00Z'),
      correlationId: 'order-7',
      tags: ['parcel'],
    });
  });

  test.each<[string, unknown, string]>([
    ['an unknown field', { ...BODY, From: '+14155550199' }, '/From'],
    ['no recipient', { ...BODY, to: undefined }, '/to'],
    ['no class', { ...BODY, trafficClass: undefined }, '/trafficClass'],
    ['a class that is none', { ...BODY, trafficClass: 'bulk' }, '/trafficClass'],
    ['an empty text', { ...BODY, body: '' }, '/body'],
    ['a text of 1,601 characters', { ...BODY, body: 'x'.repeat(1601) }, '/body'],
    ['half a character', { ...BODY, body: 'a\ud800b' }, '/body'],
    ['a NUL', { ...BODY, body: 'a\0b' }, '/body'],
    ['neither text nor media nor template', { ...BODY, body: undefined }, ''],
    ['a template beside a text', { ...BODY, template: { name: 'welcome' } }, ''],
    ['media that is not https', { ...BODY, mediaUrls: ['http://example.com/a.png'] }, '/mediaUrls/0'],
    [
      'eleven media',
      { ...BODY, mediaUrls: Array.from({ length: 11 }, () => 'https://example.com/a.png') },
      '/mediaUrls',
    ],
    ['a time without an offset', { ...BODY, sendAt: '2026-03-02T09:00:00' }, '/sendAt'],
    ['a correlation id with blanks', { ...BODY, correlationId: 'my order' }, '/correlationId'],
    ['a channel that is none', { ...BODY, channel: 'fax' }, '/channel'],
    ['an array', [], ''],
    ['null', null, ''],
  ])('refuses %s with 400 at its place', async (_what, body, pointer) => {
    const { status, slug, errors } = problemOf(await post(stageAtNoon(), { text: JSON.stringify(body) }));
    expect({ status, slug }).toEqual({ status: 400, slug: 'invalid-request' });
    expect(errors?.map((error) => error.pointer)).toContain(pointer);
  });

  test.each<[string, Post, number, string]>([
    ['no JSON', { text: '{' }, 400, 'malformed-json'],
    ['no key', { headers: { 'idempotency-key': '' } }, 400, 'idempotency-key-malformed'],
    ['a key with blanks', { headers: { 'idempotency-key': 'a b' } }, 400, 'idempotency-key-malformed'],
    [
      'a key of 256 characters',
      { headers: { 'idempotency-key': 'k'.repeat(256) } },
      400,
      'idempotency-key-malformed',
    ],
    ['no caller', { client: undefined }, 401, 'unauthorized'],
    [
      'a form',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported-media-type',
    ],
    ['300 KB', { text: JSON.stringify({ ...BODY, body: 'x'.repeat(300_000) }) }, 413, 'body-too-large'],
    ['a number that cannot be', { body: { ...BODY, to: '+1' } }, 400, 'invalid-request'],
    ['a number that is not possible', { body: { ...BODY, to: '+1415' } }, 422, 'message-refused'],
    ['a class without a pool', { body: { ...BODY, trafficClass: 'marketing' } }, 422, 'message-refused'],
    [
      'a deadline that is past',
      { body: { ...BODY, deadline: '2026-03-01T11:59:59Z' } },
      422,
      'message-refused',
    ],
    [
      'a template that the catalogue does not have',
      { body: { ...BODY, body: undefined, template: { name: 'welcome' } } },
      422,
      'message-refused',
    ],
  ])('answers %s as a problem', async (_what, call, status, slug) => {
    const stage = stageAtNoon();
    expect(problemOf(await post(stage, call))).toMatchObject({ status, slug });
    expect(stage.tables.items('messaging')).toEqual([]);
  });

  test('never repeats what it refuses', async () => {
    const response = await post(stageAtNoon(), {
      body: { ...BODY, to: '+14155550123999999', body: 'secret words' },
    });
    expect(response.statusCode).toBe(422);
    expect(response.body).not.toMatch(/4155550123|secret/);
  });

  test('answers 503 when the store gives no answer, and says how to go on', async () => {
    const stage = stageAtNoon();
    stage.tables.inject({ before: () => 'acknowledgement-lost' });
    const response = await post(stage);
    expect(problemOf(response)).toMatchObject({ status: 503, slug: 'unavailable' });
    expect(response.headers['retry-after']).toBe('2');
    stage.tables.inject({});
    expect((await post(stage)).statusCode).toBe(202);
    expect(stage.rows('INTENT#')).toHaveLength(1);
  });
});

describe('GET /v1/messages/{id}', () => {
  test('shows state and status, never number or text', async () => {
    const stage = stageAtNoon();
    await put(stage);
    await deliverIntent(stage.delivery(INTENT_ID), stage);
    const response = await read(stage, INTENT_ID);
    expect(response.statusCode).toBe(200);
    expect(MessageView.parse(bodyOf(response))).toMatchObject({
      id: INTENT_ID,
      state: 'ACCEPTED',
      attempts: 1,
      correlationId: 'order-7',
      messageSid: expect.stringMatching(/^SM/),
    });
    expect(response.body).not.toMatch(/4155550123|parcel|token0/);
  });

  test('shows the status, its error, the reason, tags and times', async () => {
    const stage = stageAtNoon();
    await put(stage, {
      state: 'ACCEPTED',
      messageSid: 'SM1',
      reports: [{ status: 'failed', errorCode: 30007 }],
      status: { state: 'failed', errorCode: 30007 },
      tags: ['parcel'],
      reason: 'why',
      sendAt: Date.parse('2026-03-01T12:10:00Z'),
    });
    expect(bodyOf(await read(stage, INTENT_ID))).toMatchObject({
      status: 'failed',
      errorCode: 30007,
      meaning: "The message was filtered as unwanted, by Twilio or by the recipient's carrier.",
      nextAction:
        "Do not resend: it worsens the sender's standing. Review text, links and opt-in of the campaign.",
      reason: 'why',
      tags: ['parcel'],
      attempts: 0,
      createdAt: '2026-03-01T12:00:00.000Z',
      sendAt: '2026-03-01T12:10:00.000Z',
      deadline: '2026-03-01T13:00:00.000Z',
    });
  });

  test("answers another client's message as if it did not exist; support sees it", async () => {
    const stage = stageAtNoon();
    await put(stage);
    expect(problemOf(await read(stage, INTENT_ID, { id: 'bank' }))).toMatchObject({ status: 404 });
    expect((await read(stage, INTENT_ID, { id: 'anna', scope: 'messages:read support' })).statusCode).toBe(
      200,
    );
  });

  test.each(['int_00000000000000000000000000000000', 'nonsense', '', '../x', 'x'.repeat(5_000)])(
    'answers 404 for %p',
    async (id) => {
      expect(problemOf(await read(stageAtNoon(), id))).toMatchObject({ status: 404, slug: 'not-found' });
    },
  );

  test('needs a caller', async () => {
    const event = httpEvent({ routeKey: 'GET /v1/messages/{id}', pathParameters: { id: INTENT_ID } });
    expect(problemOf(await serve(stageAtNoon(), event))).toMatchObject({ status: 401 });
  });
});

describe('POST /v1/messages/{id}/cancel', () => {
  test('takes a pending message back, and may be repeated', async () => {
    const stage = stageAtNoon();
    await put(stage);
    for (const _time of [1, 2]) {
      const response = await cancel(stage, INTENT_ID);
      expect(response.statusCode).toBe(200);
      expect(bodyOf(response)).toMatchObject({ state: 'SUPPRESSED', reason: 'canceled by the client' });
    }
  });

  test('comes too late for one that was sent', async () => {
    const stage = stageAtNoon();
    await put(stage, { state: 'ACCEPTED' });
    expect(problemOf(await cancel(stage, INTENT_ID))).toMatchObject({
      status: 409,
      slug: 'too-late-to-cancel',
    });
  });

  test("does not touch another client's message", async () => {
    const stage = stageAtNoon();
    await put(stage);
    expect(problemOf(await cancel(stage, INTENT_ID, { id: 'bank' }))).toMatchObject({ status: 404 });
    expect((await stage.intent(INTENT_ID)).state).toBe('PENDING');
  });

  test('needs a key and a caller', async () => {
    const bare = { routeKey: 'POST /v1/messages/{id}/cancel', pathParameters: { id: INTENT_ID } };
    expect(problemOf(await serve(stageAtNoon(), httpEvent({ ...bare, client: SHOP })))).toMatchObject({
      status: 400,
      slug: 'idempotency-key-missing',
    });
    expect(problemOf(await serve(stageAtNoon(), httpEvent(bare)))).toMatchObject({ status: 401 });
  });
});

test('a route that nobody serves is 404', async () => {
  expect(
    problemOf(await serve(stageAtNoon(), httpEvent({ routeKey: 'DELETE /v1/messages/{id}', client: SHOP }))),
  ).toMatchObject({ status: 404 });
});
