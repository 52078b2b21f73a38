import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { MessageView } from '../../../functions/shared/contract/api/messages.ts';
import { TimelineView } from '../../../functions/shared/contract/api/timeline.ts';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform();
let local = undefined as unknown as RunningPlatform['local'];

beforeAll(async () => {
  await platform.start();
  local = platform.local;
}, 120_000);

afterAll(async () => {
  await platform.stop();
  platform.remove();
}, 30_000);

/** Twilio's algorithm, written down once more from its documentation: nothing of ours is used. */
function sign(url: string, parameters: Record<string, string>): string {
  const text = Object.keys(parameters)
    .sort()
    .reduce((all, name) => all + name + parameters[name], url);
  return createHmac('sha1', local.authToken).update(text, 'utf8').digest('base64');
}

const inbound = (sid: string, body: string) => ({
  ToCountry: 'US',
  MessageSid: sid,
  SmsMessageSid: sid,
  SmsSid: sid,
  NumMedia: '0',
  NumSegments: '1',
  From: '+15550107777',
  To: local.numbers.transactional ?? '',
  Body: body,
  AccountSid: local.accountSid,
  ApiVersion: '2010-04-01',
});

async function postInbound(parameters: Record<string, string>, signature?: string): Promise<Response> {
  const url = `${local.hooksUrl}/twilio/${local.accountSid}/messages/inbound`;
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-twilio-signature': signature ?? sign(url, parameters),
    },
    body: new URLSearchParams(parameters).toString(),
  });
}

const api = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${local.applicationUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${local.applicationToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const send = (key: string, body: Record<string, unknown>) =>
  api('POST', '/v1/messages', { trafficClass: 'transactional', ...body }, { 'idempotency-key': key });

const Accepted = z.object({ id: z.string(), state: z.string() });

/** Asks until the answer is there, at most for `seconds`. */
async function eventually<T>(ask: () => Promise<T | undefined>, seconds = 15): Promise<T> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > until) throw new Error(`nothing within ${seconds} s\n${platform.output}`);
    await wait(100);
  }
}

async function timelineOf(id: string): Promise<TimelineView | undefined> {
  const response = await api('GET', `/v1/timeline/${id}`);
  return response.status === 404 ? undefined : TimelineView.parse(await response.json());
}

const inState = (id: string, ...states: readonly string[]) =>
  eventually(async () => {
    const timeline = await timelineOf(id);
    return timeline !== undefined && states.includes(timeline.state) ? timeline : undefined;
  });

const Ledger = z.object({
  messages: z.array(z.object({ sid: z.string(), body: z.string(), status: z.string() })),
  creates: z.array(z.unknown()),
});
const ledger = async () => Ledger.parse(await (await fetch(`${local.simulatorUrl}/simulator/ledger`)).json());
const acceptedWith = async (body: string) => (await ledger()).messages.filter((one) => one.body === body);
const setFaults = (faults: Record<string, unknown>) =>
  fetch(`${local.simulatorUrl}/simulator/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });

describe('a webhook', () => {
  test('signed by an independent implementation is recorded, answered, and told on the timeline', async () => {
    const sid = `SM${'a1'.repeat(16)}`;
    const response = await postInbound(inbound(sid, 'hours'));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/xml');
    expect(await response.text()).toContain('<Response/>');
    const timeline = await eventually(async () => {
      const found = await timelineOf(sid);
      return found?.entries.some((entry) => entry.kind === 'message.accepted') ? found : undefined;
    });
    const kinds = timeline.entries.map((entry) => entry.kind);
    expect(kinds.slice(0, 3)).toEqual(['message.received', 'auto-response.decided', 'message.requested']);
    expect(timeline.related.some((id) => id.startsWith('int_'))).toBe(true);
  }, 30_000);

  test('that comes five times has one effect', async () => {
    const sid = `SM${'a2'.repeat(16)}`;
    const parameters = { ...inbound(sid, 'address'), From: '+15550107778' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => postInbound(parameters)));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200]);
    const timeline = await eventually(async () => {
      const found = await timelineOf(sid);
      return found?.entries.some((entry) => entry.kind === 'message.accepted') ? found : undefined;
    });
    expect(timeline.entries.filter((entry) => entry.kind === 'message.requested')).toHaveLength(1);
    expect(await acceptedWith('You find us at 1 Main Street.')).toHaveLength(1);
  }, 30_000);

  test('with a wrong signature is refused without detail and leaves nothing', async () => {
    const sid = `SM${'a3'.repeat(16)}`;
    const response = await postInbound(inbound(sid, 'hours'), Buffer.alloc(20).toString('base64'));
    expect(response.status).toBe(403);
    expect(await response.text()).toBe('Forbidden');
    expect(await timelineOf(sid)).toBeUndefined();
  });

  test.each([
    ['GET', '/twilio/x/messages/inbound', 404],
    ['POST', '/twilio/nobody/elsewhere', 404],
  ])('%s %s is the gateway’s to refuse', async (method, path, status) => {
    expect((await fetch(`${local.hooksUrl}${path}`, { method })).status).toBe(status);
  });
});

describe('the application API', () => {
  test('sends exactly once per Idempotency-Key and tells the story until delivery', async () => {
    const first = Accepted.parse(
      await (await send('key-1', { to: '+15550108001', body: 'one of a kind' })).json(),
    );
    const again = Accepted.parse(
      await (await send('key-1', { to: '+15550108001', body: 'one of a kind' })).json(),
    );
    expect(again.id).toBe(first.id);
    const other = await send('key-1', { to: '+15550108001', body: 'another text' });
    expect(other.status).toBe(409);
    expect(other.headers.get('content-type')).toBe('application/problem+json');
    const timeline = await inState(first.id, 'delivered');
    expect(await acceptedWith('one of a kind')).toHaveLength(1);
    expect(await acceptedWith('another text')).toHaveLength(0);
    const message = MessageView.parse(await (await api('GET', `/v1/messages/${first.id}`)).json());
    expect(message).toMatchObject({ state: 'ACCEPTED', status: 'delivered' });
    const bySid = await timelineOf(message.messageSid ?? '');
    expect(bySid?.entries.length).toBeGreaterThanOrEqual(timeline.entries.length);
  }, 30_000);

  test('refuses a call without token, without scope, without key and without sense', async () => {
    const body = JSON.stringify({ to: '+15550108001', body: 'x', trafficClass: 'otp' });
    const bare = await fetch(`${local.applicationUrl}/v1/messages`, { method: 'POST', body });
    expect(bare.status).toBe(401);
    const noKey = await api('POST', '/v1/messages', { to: '+15550108001', body: 'x', trafficClass: 'otp' });
    expect(noKey.status).toBe(400);
    const nonsense = await send('key-2', { to: 'nobody', body: 'x', surprise: true });
    expect(nonsense.status).toBe(400);
    const refused = await send('key-3', { to: '12', body: 'x' });
    expect(refused.status).toBeGreaterThanOrEqual(400);
  });

  test('describes itself and its health to anybody', async () => {
    const description = await fetch(`${local.applicationUrl}/v1/openapi.json`);
    expect(await description.json()).toMatchObject({ openapi: '3.1.0' });
    const health = await fetch(`${local.applicationUrl}/v1/health`);
    expect(await health.json()).toEqual({ status: 'ok', environment: 'local' });
  });
});

describe('an answer of Twilio that never came', () => {
  test('leaves the outcome unknown until a callback proves it; nothing is sent twice', async () => {
    await setFaults({ nextCreates: ['responseReset'] });
    const { id } = Accepted.parse(
      await (await send('key-reset', { to: '+15550108002', body: 'lost reply' })).json(),
    );
    const timeline = await inState(id, 'delivered');
    expect(timeline.entries.some(({ detail }) => detail.evidence === 'callback')).toBe(true);
    expect(await acceptedWith('lost reply')).toHaveLength(1);
  }, 30_000);

  test('and no callback either: the list settles it', async () => {
    await setFaults({ nextCreates: ['responseReset'], callbackLost: 1 });
    const { id } = Accepted.parse(
      await (await send('key-list', { to: '+15550108003', body: 'only the list' })).json(),
    );
    const timeline = await eventually(async () => {
      const found = await timelineOf(id);
      return found?.entries.some(({ detail }) => detail.evidence === 'list') ? found : undefined;
    }, 40);
    expect(timeline.entries.map((entry) => entry.kind)).toContain('message.outcome-unknown');
    expect(await acceptedWith('only the list')).toHaveLength(1);
    await setFaults({});
  }, 60_000);
});

describe('a restart', () => {
  test('keeps what was known, and ends cleanly before', async () => {
    const { id } = Accepted.parse(
      await (await send('key-kept', { to: '+15550108004', body: 'kept' })).json(),
    );
    await inState(id, 'delivered');
    expect(await platform.stop()).toBe(0);
    await platform.start();
    local = platform.local;
    expect((await inState(id, 'delivered')).state).toBe('delivered');
    const again = Accepted.parse(await (await send('key-kept', { to: '+15550108004', body: 'kept' })).json());
    expect(again.id).toBe(id);
  }, 90_000);
});
