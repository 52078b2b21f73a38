import { describe, expect, test } from '@jest/globals';
import { contactPartition } from '../../../functions/consent/contact-keys.ts';
import { createHandler } from '../../../functions/messaging/serve-messages/handler.ts';
import { MessageDecision } from '../../../functions/shared/contract/api/messages.ts';
import { contactOf } from '../../fakes/consent/consent-of.ts';
import { httpEvent, lambdaContext } from '../../fakes/messaging/lambda-events.ts';
import { SETTINGS, TRANSACTIONAL } from '../../fakes/messaging/settings.ts';
import { Stage } from '../../fakes/messaging/stage.ts';

const MARKETING = {
  ...TRANSACTIONAL,
  name: 'marketing',
  trafficClass: 'marketing',
  deadlineSeconds: 86_400,
} as const;
const SETTINGS_WITH_MARKETING = { ...SETTINGS, pools: [...SETTINGS.pools, MARKETING] };

/** Somebody in Miami who asked for advertisements. */
const stageAt = async (instant: string): Promise<Stage> => {
  const stage = new Stage(instant);
  await stage.tables.put({
    table: 'consent',
    item: {
      pk: contactPartition(contactOf('+13055550123')),
      sk: 'STANDING#everything',
      scope: 'everything',
      status: 'opted-in',
      since: Date.parse('2026-02-01T00:00:00Z'),
      recordId: 'opt-in-1',
      source: 'api',
    },
  });
  return stage;
};

const explain = (stage: Stage, body: object, query = 'dryRun=true', headers: object = {}) =>
  createHandler(SETTINGS_WITH_MARKETING, stage)(
    httpEvent({
      routeKey: 'POST /v1/messages',
      query,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ to: '+13055550123', body: 'Hello', trafficClass: 'transactional', ...body }),
      client: { id: 'shop' },
    }),
    lambdaContext(),
  );

const decisionOf = async (...given: Parameters<typeof explain>): Promise<MessageDecision> => {
  const response = await explain(...given);
  expect(response.statusCode).toBe(200);
  return MessageDecision.parse(JSON.parse(response.body));
};

describe('a dry run', () => {
  test('tells the decision and every rule, and writes nothing', async () => {
    const stage = await stageAt('2026-03-02T01:30:00Z');
    const decision = await decisionOf(stage, { trafficClass: 'marketing' });
    expect(decision).toMatchObject({
      decision: 'hold',
      rule: 'quiet-hours',
      until: '2026-03-02T13:00:00.000Z',
      reason: 'quiet hours of US-FL (us-fl) in America/New_York until 2026-03-02T13:00:00.000Z',
      at: '2026-03-02T01:30:00.000Z',
      pool: 'marketing',
      trafficClass: 'marketing',
      deadline: '2026-03-03T01:30:00.000Z',
    });
    expect(decision.rules.map(({ rule }) => rule)).toEqual([
      'operations',
      'recipient',
      'consent',
      'frequency',
      'quiet-hours',
      'schedule',
    ]);
    expect(stage.tables.items('messaging')).toEqual([]);
  });

  test('of what would be sent says until when it is legal', async () => {
    const stage = await stageAt('2026-03-02T20:00:00Z');
    expect(await decisionOf(stage, { trafficClass: 'marketing' })).toMatchObject({
      decision: 'send',
      until: '2026-03-03T01:00:00.000Z',
    });
    expect(await decisionOf(stage, {})).not.toHaveProperty('until');
  });

  test('of what would be held past its deadline says that it would expire', async () => {
    const stage = await stageAt('2026-03-02T02:00:00Z');
    const decision = await decisionOf(stage, { trafficClass: 'marketing', deadline: '2026-03-02T10:00:00Z' });
    expect(decision).toMatchObject({ decision: 'expire', rule: 'quiet-hours' });
    expect(decision).not.toHaveProperty('until');
  });

  test('of what would be refused says by which rule', async () => {
    const stage = await stageAt('2026-03-02T20:00:00Z');
    expect(await decisionOf(stage, { to: '+442079460123' })).toMatchObject({
      decision: 'refuse',
      rule: 'recipient',
    });
  });

  test('of marketing to somebody who did not ask for it says so', async () => {
    const stage = await stageAt('2026-03-02T20:00:00Z');
    expect(await decisionOf(stage, { to: '+14155550123', trafficClass: 'marketing' })).toMatchObject({
      decision: 'refuse',
      rule: 'consent',
      reason: 'marketing needs an opt-in, and none is recorded',
    });
  });

  test('of a scheduled message is judged as of its time', async () => {
    const stage = await stageAt('2026-03-02T02:00:00Z');
    expect(
      await decisionOf(stage, { trafficClass: 'marketing', sendAt: '2026-06-01T15:00:00Z' }),
    ).toMatchObject({ decision: 'send', at: '2026-06-01T15:00:00.000Z' });
  });

  test('takes what the client knows of the place', async () => {
    const stage = await stageAt('2026-03-02T13:30:00Z');
    expect(await decisionOf(stage, { trafficClass: 'marketing' })).toMatchObject({ decision: 'send' });
    expect(await decisionOf(stage, { trafficClass: 'marketing', timeZone: 'America/Denver' })).toMatchObject({
      decision: 'hold',
      until: '2026-03-02T15:00:00.000Z',
    });
  });

  test('neither reads nor keeps an Idempotency-Key', async () => {
    const stage = await stageAt('2026-03-02T20:00:00Z');
    const key = { 'idempotency-key': 'order-7' };
    const meant = await explain(stage, {}, 'dryRun=false', key);
    expect(meant.statusCode).toBe(202);
    expect(await decisionOf(stage, { to: '+14155550123' }, 'dryRun=true', key)).toMatchObject({
      decision: 'send',
    });
    expect((await explain(stage, {}, '', key)).body).toBe(meant.body);
  });

  test('of a bad request answers as the request would be answered', async () => {
    const stage = await stageAt('2026-03-02T20:00:00Z');
    const response = await explain(stage, { to: '0171 123456', timeZone: 'Mars/Olympus' });
    expect(response.statusCode).toBe(422);
    expect(JSON.parse(response.body).errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/to',
      '/timeZone',
    ]);
    expect((await explain(stage, {}, 'dryRun=perhaps')).statusCode).toBe(400);
    expect((await explain(stage, { body: '' })).statusCode).toBe(400);
    expect((await explain(stage, { body: undefined, template: { name: 'welcome' } })).statusCode).toBe(422);
  });
});
