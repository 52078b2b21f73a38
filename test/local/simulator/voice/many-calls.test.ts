import { describe, expect, test } from '@jest/globals';
import { randomPerson } from '../../../../local/twilio/random-person.ts';
import { type CallSimulation, simulateCalls } from '../../../../local/twilio/simulate-calls.ts';
import type { WebhookTransport } from '../../../../local/twilio/webhooks/webhook-transport.ts';

const line = '+15550100001';
const origin = 'https://line.example';

/** A line that always has a way on, and a fallback that needs nothing. */
const pages: Record<string, (digits: string | null) => string> = {
  '/voice': () =>
    '<Gather numDigits="1" action="/menu"><Say>Press 1, 2 or 3.</Say></Gather><Redirect>/silence</Redirect>',
  '/menu': (digits) =>
    digits === '1'
      ? '<Say>We are open.</Say><Hangup/>'
      : digits === '2'
        ? '<Record action="/thanks" maxLength="30"/><Say>Goodbye.</Say>'
        : '<Redirect>/voice</Redirect>',
  '/silence': () => '<Say>Goodbye.</Say><Hangup/>',
  '/thanks': () => '<Say>Thank you.</Say>',
  '/fallback': () => '<Say>Please call later.</Say><Hangup/>',
};

const application: WebhookTransport = async ({ url, body }) => {
  const page = pages[new URL(url).pathname];
  if (!page) return { kind: 'answered', statusCode: 404, headers: {}, body: '' };
  return {
    kind: 'answered',
    statusCode: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<Response>${page(new URLSearchParams(body).get('Digits'))}</Response>`,
    tookMs: 40,
  };
};

const simulation = (calls: number, changes: Partial<CallSimulation> = {}): CallSimulation => ({
  calls,
  transport: () => application,
  settings: {
    seed: 'many',
    accounts: [
      {
        accountSid: `AC${'1'.repeat(32)}`,
        authToken: 'token',
        numbers: [{ phoneNumber: line, voiceUrl: `${origin}/voice`, voiceFallbackUrl: `${origin}/fallback` }],
      },
    ],
  },
  callerOf: (ordinal) => ({
    from: `+1555${String(2_000_000 + ordinal)}`,
    to: line,
    person: randomPerson({}, 'many', ordinal),
  }),
  ...changes,
});

const sum = (figures: Record<string, number>) => Object.values(figures).reduce((all, one) => all + one, 0);

describe('many calls in simulated time', () => {
  test('all come to an end, and overlap', async () => {
    const report = await simulateCalls(simulation(500));
    expect(report.calls).toBe(500);
    expect(sum(report.ends)).toBe(500);
    expect(report.deadEnds).toEqual([]);
    expect(report.mostAtOnce).toBeGreaterThan(10);
    expect(report.simulatedMs).toBeGreaterThan(499 * 100);
  });

  test('the same seed gives the same run, another one gives another', async () => {
    const first = await simulateCalls(simulation(100));
    expect(await simulateCalls(simulation(100))).toEqual(first);
    const other = simulation(100, {
      callerOf: (ordinal) => ({ from: '+15552000000', to: line, person: randomPerson({}, 'other', ordinal) }),
    });
    expect((await simulateCalls(other)).ends).not.toEqual(first.ends);
  });

  test('with lost and broken requests only calls whose fallback fails too are dead ends', async () => {
    const failed = new Map<string, boolean>();
    const report = await simulateCalls(
      simulation(500, {
        faults: { voiceRequestFails5xx: 0.1, voiceRequestLost: 0.1 },
        onCallOver: ({ call, requests }) => {
          const last = requests.at(-1);
          failed.set(call.sid, last?.fallback === true && last.errorCode !== undefined);
        },
      }),
    );
    expect(report.failedRequests / report.requests).toBeGreaterThan(0.04);
    expect(report.deadEnds.length).toBeGreaterThan(0);
    expect([...failed].filter(([, fallbackFailed]) => fallbackFailed).map(([sid]) => sid)).toEqual(
      report.deadEnds,
    );
  });

  test('with a fallback outside the failing path nobody is told of an application error', async () => {
    const report = await simulateCalls(
      simulation(500, { faults: { voiceRequestFails5xx: 0.2, voiceFallbackSpared: true } }),
    );
    expect(report.failedRequests).toBeGreaterThan(100);
    expect(report.deadEnds).toEqual([]);
  });
});
