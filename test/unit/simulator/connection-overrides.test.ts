import { describe, expect, test } from '@jest/globals';
import { parseConnectionOverrides } from '../../../local/twilio/domain/connection-overrides.ts';

const defaults = {
  connectTimeoutMs: 5000,
  readTimeoutMs: 15000,
  totalTimeoutMs: 15000,
  retryCount: 1,
  retryOn: ['ct'],
};

describe('connection overrides', () => {
  test.each([
    ['nothing', 'https://example.com/', {}],
    ['an empty fragment', 'https://example.com/#', {}],
    [
      'all figures',
      'https://example.com/?a=1#rc=3&rp=5xx,ct,rt&rt=5000&ct=200&tt=9000',
      {
        retryCount: 3,
        retryOn: ['5xx', 'ct', 'rt'],
        readTimeoutMs: 5000,
        connectTimeoutMs: 200,
        totalTimeoutMs: 9000,
      },
    ],
    ['every cause', 'https://example.com/#rp=all', { retryOn: ['4xx', '5xx', 'ct', 'rt'] }],
    ['no retry', 'https://example.com/#rc=0', { retryCount: 0 }],
    ['figures out of range', 'https://example.com/#rc=6&rt=99&ct=10001&tt=15001', {}],
    ['figures that are none', 'https://example.com/#rc=many&rt=', {}],
    ['known edges', 'https://example.com/#e=dublin,tokyo&sni=y', {}],
    ['an anchor', 'https://example.com/#top', {}],
  ])('%s', (_, url, changed) => {
    expect(parseConnectionOverrides(url)).toEqual({ kind: 'valid', overrides: { ...defaults, ...changed } });
  });

  test.each([
    ['an unknown retry cause', 'https://example.com/#rp=6xx', 11243],
    ['an empty retry policy', 'https://example.com/#rp=', 11243],
    ['an unknown edge', 'https://example.com/#e=atlantis', 11240],
  ])('%s is an error', (_, url, errorCode) => {
    expect(parseConnectionOverrides(url)).toMatchObject({ kind: 'invalid', errorCode });
  });
});
