import { expect, test } from '@jest/globals';
import { callFlows } from '../../calls/call-flows.ts';

test('whatever callers do and whichever requests fail, no call ends in the error voice of Twilio', async () => {
  const fetchedFallback: string[] = [];
  const report = await callFlows({
    calls: 60,
    seed: 'unit',
    faults: {
      voiceRequestFails5xx: 0.1,
      voiceRequestLost: 0.05,
      voiceAnswerLost: 0.05,
      voiceFallbackSpared: true,
    },
    onCallOver: ({ call, requests }) => {
      if (requests.some(({ fallback }) => fallback)) fetchedFallback.push(call.sid);
    },
  });
  expect(report.calls).toBe(60);
  expect(report.failedRequests).toBeGreaterThan(20);
  expect(fetchedFallback.length).toBeGreaterThan(10);
  expect(report.deadEnds).toEqual([]);
}, 120_000);
