import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CallView } from '../../../functions/shared/contract/api/calls.ts';
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

const api = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${local.applicationUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${local.applicationToken}`,
      'content-type': 'application/json',
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const setBehaviour = async (phone: string, behaviour: object) => {
  const response = await fetch(
    `${local.simulatorUrl}/simulator/phones/${encodeURIComponent(phone)}/behaviour`,
    { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(behaviour) },
  );
  expect(response.ok).toBe(true);
};

const place = async (to: string, more: object = {}) => {
  const body = {
    to,
    flow: 'appointment',
    context: { day: 'Tuesday', time: 'ten', place: 'Elm Street 9' },
    trafficClass: 'transactional',
    ...more,
  };
  const response = await api('POST', '/v1/calls', body, { 'idempotency-key': `call-${to}` });
  expect(response.status).toBe(202);
  const { id } = (await response.json()) as { readonly id: string };
  return id;
};

const read = async (id: string) => CallView.parse(await (await api('GET', `/v1/calls/${id}`)).json());

const until = async (id: string, isReached: (view: CallView) => boolean): Promise<CallView> => {
  for (;;) {
    const view = await read(id);
    if (isReached(view)) return view;
    await wait(500);
  }
};

const kindsOf = async (id: string) => {
  const story = TimelineView.parse(await (await api('GET', `/v1/timeline/${id}`)).json());
  return story.entries.map(({ kind }) => kind);
};

describe('a call on the platform', () => {
  test('rings a phone, enters its flow, and is over when that is', async () => {
    const phone = '+15550107101';
    await setBehaviour(phone, { outcome: 'answers', script: [{ afterMs: 4_000, hangUp: true }] });
    const id = await place(phone);
    const view = await until(id, ({ status }) => status === 'completed');
    expect(view).toMatchObject({ state: 'ACCEPTED', callSid: expect.stringMatching(/^CA/), attempts: 1 });
    expect(await kindsOf(id)).toEqual(
      expect.arrayContaining(['call.requested', 'call.accepted', 'call.began']),
    );
  }, 90_000);

  test('to a busy line waits for its next attempt, and can be taken back meanwhile', async () => {
    const phone = '+15550107102';
    await setBehaviour(phone, { outcome: 'busy' });
    const id = await place(phone);
    const view = await until(id, ({ earlierCalls }) => earlierCalls !== undefined);
    expect(view).toMatchObject({
      state: 'PENDING',
      earlierCalls: [{ status: 'busy', sipResponseCode: 486 }],
    });
    const canceled = await api('POST', `/v1/calls/${id}/cancel`, undefined, { 'idempotency-key': 'back' });
    expect(canceled.status).toBe(200);
    expect(await read(id)).toMatchObject({ state: 'SUPPRESSED' });
  }, 90_000);

  test('to a number that nobody has is followed by the text that was asked for', async () => {
    const phone = '+15550107103';
    await setBehaviour(phone, { outcome: 'unreachable' });
    const id = await place(phone, { smsFallback: { body: 'We tried to call you.' } });
    await until(id, ({ status }) => status === 'failed');
    const messagesOf = async () =>
      (await (
        await fetch(`${local.simulatorUrl}/simulator/phones/${encodeURIComponent(phone)}/messages`)
      ).json()) as { readonly messages: readonly { readonly body: string }[] };
    let heard = await messagesOf();
    while (heard.messages.length === 0) {
      await wait(500);
      heard = await messagesOf();
    }
    expect(heard.messages.map(({ body }) => body)).toEqual(['We tried to call you.']);
    expect(await kindsOf(id)).toContain('call.concluded');
  }, 90_000);
});
