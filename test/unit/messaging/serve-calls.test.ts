import { describe, expect, test } from '@jest/globals';
import { writeTransition } from '../../../functions/messaging/intent-store.ts';
import { createHandler } from '../../../functions/messaging/serve-messages/handler.ts';
import { CallView } from '../../../functions/shared/contract/api/calls.ts';
import { ProblemDocument } from '../../../functions/shared/contract/api/service.ts';
import { CALL_POOL, endedCall, pendingCall, placedCall } from '../../fakes/messaging/call-intents.ts';
import { pending } from '../../fakes/messaging/intents.ts';
import { httpEvent, lambdaContext } from '../../fakes/messaging/lambda-events.ts';
import { CALL_INTENT_ID, callSidOf } from '../../fakes/messaging/sample-call-events.ts';
import { SETTINGS } from '../../fakes/messaging/settings.ts';
import { Stage } from '../../fakes/messaging/stage.ts';

const CLINIC = { id: 'clinic' };
const CONTEXT = { day: 'Tuesday', time: 'ten', place: 'Elm Street 9' };
const BODY = {
  to: '+14155550123',
  flow: 'appointment',
  context: CONTEXT,
  trafficClass: 'transactional',
};

const stageAt = (time = '2026-03-01T20:00:00Z') => new Stage(time);

const serve = (stage: Stage, event: Parameters<typeof httpEvent>[0]) =>
  createHandler({ ...SETTINGS, pools: [...SETTINGS.pools, CALL_POOL] }, stage)(
    httpEvent(event),
    lambdaContext(),
  );

const place = (stage: Stage, changes: object = {}, key = 'appointment-3', client = CLINIC) =>
  serve(stage, {
    routeKey: 'POST /v1/calls',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ ...BODY, ...changes }),
    client,
  });

const read = (stage: Stage, id: string, client: { id: string; scope?: string } = CLINIC) =>
  serve(stage, { routeKey: 'GET /v1/calls/{id}', pathParameters: { id }, client });

const cancel = (stage: Stage, id: string) =>
  serve(stage, {
    routeKey: 'POST /v1/calls/{id}/cancel',
    pathParameters: { id },
    headers: { 'idempotency-key': 'cancel-3' },
    client: CLINIC,
  });

const bodyOf = (response: { readonly body: string }) => JSON.parse(response.body);
const problemOf = (response: { readonly statusCode: number; readonly body: string }) => {
  const { type, errors } = ProblemDocument.parse(bodyOf(response));
  return { status: response.statusCode, slug: type.replace('urn:trunkline:problem:', ''), errors };
};

describe('POST /v1/calls', () => {
  test('answers 202 with the id and the state, and writes intent, event and dispatch at once', async () => {
    const stage = stageAt();
    const response = await place(stage, {
      machineDetection: 'detect',
      smsFallback: { body: 'We tried to call you.' },
    });
    const { id } = bodyOf(response);
    expect(response).toMatchObject({ statusCode: 202, headers: { location: `/v1/calls/${id}` } });
    expect(await stage.intent(id)).toMatchObject({
      channel: 'voice',
      state: 'PENDING',
      to: '+14155550123',
      from: CALL_POOL.from,
      flow: 'appointment',
      context: CONTEXT,
      ringSeconds: 30,
      machineDetection: 'detect',
      smsFallback: { body: 'We tried to call you.', trafficClass: 'transactional' },
    });
    expect(stage.drainOutbox()).toMatchObject([
      { kind: 'event', event: { type: 'call.requested.v1', data: { flow: 'appointment' } } },
      { kind: 'dispatch', pool: CALL_POOL.name, intentId: id },
    ]);
  });

  test('with the same key answers like the first, and with another body 409', async () => {
    const stage = stageAt();
    const { id } = bodyOf(await place(stage));
    expect(bodyOf(await place(stage))).toEqual({ id, state: 'PENDING' });
    expect(problemOf(await place(stage, { machineDetection: 'detect' }))).toMatchObject({
      status: 409,
      slug: 'idempotency-key-reused',
    });
    expect(await stage.intent(id)).not.toHaveProperty('machineDetection');
  });

  test('tells no content on the bus', async () => {
    const stage = stageAt();
    await place(stage, { smsFallback: { body: 'secret words' } });
    const told = JSON.stringify(stage.drainEvents());
    for (const content of ['4155550123', 'Elm Street', 'secret words', '4155550100'])
      expect(told).not.toContain(content);
  });

  test.each([
    ['a recipient that is no number', { to: '4155550123' }, 422, '/to'],
    ['a number that calls are placed from', { to: CALL_POOL.from }, 422, '/to'],
    ['a class without a pool of calls', { trafficClass: 'marketing' }, 422, '/trafficClass'],
    ['a use that no pool has', { use: 'surveys' }, 422, '/use'],
    [
      'a fallback text without a pool',
      { smsFallback: { body: 'x', trafficClass: 'marketing' } },
      422,
      '/smsFallback',
    ],
    ['a deadline in the past', { deadline: '2026-03-01T19:00:00Z' }, 422, '/deadline'],
    ['a flow that nobody has written', { flow: 'unheard-of' }, 422, '/flow'],
    ['a flow named like a property of every object', { flow: 'constructor' }, 422, '/flow'],
    [
      'a context without what its flow speaks',
      { context: { day: 'Tuesday', time: 'ten' } },
      422,
      '/context/place',
    ],
    [
      'a context with what no flow knows',
      { context: { ...CONTEXT, diagnosis: 'x' } },
      422,
      '/context/diagnosis',
    ],
    [
      'a value longer than its flow allows',
      { context: { ...CONTEXT, time: 't'.repeat(41) } },
      422,
      '/context/time',
    ],
    ['no flow', { flow: undefined }, 400, '/flow'],
    ['a flow whose name could be a path', { flow: '../x' }, 400, '/flow'],
    ['a context of nested values', { context: { a: { b: 1 } } }, 400, '/context/a'],
    ['a way to detect machines that Twilio has not', { machineDetection: 'guess' }, 400, '/machineDetection'],
  ])('refuses %s, and writes nothing', async (_what, changes, status, pointer) => {
    const stage = stageAt();
    const problem = problemOf(await place(stage, changes));
    expect(problem.status).toBe(status);
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
    expect(stage.rows('INTENT#')).toEqual([]);
  });
});

describe('GET /v1/calls/{id}', () => {
  const put = async (stage: Stage, intent = placedCall()) => {
    await writeTransition(undefined, { intent, outbox: [] }, [], stage);
    return stage;
  };

  test('shows the call, its earlier attempts, and neither number nor context', async () => {
    const earlier = {
      sid: callSidOf(7),
      attempt: 1,
      reports: [],
      status: { state: 'busy', sipResponseCode: 486 },
    };
    const stage = await put(stageAt(), endedCall('no-answer', { earlierCalls: [earlier] }));
    const view = bodyOf(await read(stage, CALL_INTENT_ID));
    expect(CallView.parse(view)).toEqual(view);
    expect(view).toMatchObject({
      state: 'ACCEPTED',
      status: 'no-answer',
      callSid: callSidOf(1),
      flow: 'appointment',
      earlierCalls: [{ callSid: callSidOf(7), status: 'busy', sipResponseCode: 486 }],
    });
    expect(JSON.stringify(view)).not.toMatch(/415555|a-3/);
  });

  test('is 404 for a message, for another client and for what is not there; support sees it', async () => {
    const stage = await put(stageAt());
    await writeTransition(undefined, { intent: pending({ clientId: 'clinic' }), outbox: [] }, [], stage);
    for (const response of [
      await read(stage, pending().id),
      await read(stage, CALL_INTENT_ID, { id: 'shop' }),
      await read(stage, `int_${'0'.repeat(32)}`),
    ])
      expect(problemOf(response)).toMatchObject({ status: 404, slug: 'not-found' });
    expect(
      (await read(stage, CALL_INTENT_ID, { id: 'desk', scope: 'support messages:read' })).statusCode,
    ).toBe(200);
    const asMessage = {
      routeKey: 'GET /v1/messages/{id}',
      pathParameters: { id: CALL_INTENT_ID },
      client: CLINIC,
    };
    expect((await serve(stage, asMessage)).statusCode).toBe(404);
  });

  test('a cancel takes back what is not placed, asks Twilio for what rings, and is too late once somebody answered', async () => {
    const waiting = await put(stageAt(), pendingCall());
    expect(await cancel(waiting, CALL_INTENT_ID)).toMatchObject({ statusCode: 200 });
    const ringing = await put(stageAt(), placedCall({ status: { state: 'ringing' } }));
    expect(await cancel(ringing, CALL_INTENT_ID)).toMatchObject({ statusCode: 202 });
    const answered = await put(stageAt(), placedCall({ status: { state: 'in-progress' } }));
    expect(problemOf(await cancel(answered, CALL_INTENT_ID))).toMatchObject({
      status: 409,
      slug: 'too-late-to-cancel',
    });
  });
});
