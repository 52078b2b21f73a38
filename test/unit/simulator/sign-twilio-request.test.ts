import { describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { signTwilioRequest } from '../../../local/twilio/webhooks/sign-twilio-request.ts';
import { readRecording } from './support/recording.ts';

interface Vector {
  readonly id: string;
  readonly authToken: string;
  readonly url: string;
  readonly params?: Record<string, string | string[]>;
  readonly rawBody?: string;
  readonly signature: string;
}
const { vectors } = readRecording<{ vectors: Vector[] }>('signature-vectors');

describe('published vectors', () => {
  test.each(vectors.map((vector) => [vector.id, vector] as const))('%s is reproduced', (_, vector) => {
    const { authToken, url, params, rawBody, signature } = vector;
    // The URL of a vector with a raw body carries bodySHA256 already.
    const given = { authToken, url: url.replace(/[?&]bodySHA256=[0-9a-f]+/, '') };
    const signed = signTwilioRequest(rawBody === undefined ? { ...given, params } : { ...given, rawBody });
    expect(signed.signature).toBe(signature);
    expect(signed.url).toBe(url);
  });
});

test("user info and fragment are not signed, and the library's verdict agrees", () => {
  const { url, signature } = signTwilioRequest({
    authToken: 'token',
    url: 'http://user:pass@example.com:8080/a?b=1#rc=3&rp=5xx',
    params: { B: '', A: 'é +' },
  });
  expect(url).toBe('http://example.com:8080/a?b=1');
  expect(twilio.validateRequest('token', signature, url, { A: 'é +', B: '' })).toBe(true);
});

test('voice over https is signed without its port, messaging with it', () => {
  const url = 'https://example.com:8443/voice?x=:1';
  const sign = (product: 'messaging' | 'voice', at: string) =>
    signTwilioRequest({ authToken: 'token', url: at, params: {}, product }).signature;
  expect(sign('voice', url)).toBe(sign('messaging', 'https://example.com/voice?x=:1'));
  expect(sign('messaging', url)).not.toBe(sign('voice', url));
  expect(sign('voice', 'http://example.com:8080/')).toBe(sign('messaging', 'http://example.com:8080/'));
});

test('a JSON body is signed by its hash in the URL', () => {
  const { url, signature } = signTwilioRequest({
    authToken: 'token',
    url: 'https://example.com/events',
    rawBody: '[{"id":1}]',
  });
  expect(url).toMatch(/^https:\/\/example\.com\/events\?bodySHA256=[0-9a-f]{64}$/);
  expect(twilio.validateRequestWithBody('token', signature, url, '[{"id":1}]')).toBe(true);
  expect(twilio.validateRequestWithBody('token', signature, url, '[{"id":2}]')).toBe(false);
});

test('a repeated name counts each different value once, sorted', () => {
  const sign = (M: string[]) =>
    signTwilioRequest({ authToken: 'token', url: 'https://example.com/', params: { M } }).signature;
  expect(sign(['b', 'a', 'b'])).toBe(sign(['a', 'b']));
});
