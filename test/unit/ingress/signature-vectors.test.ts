import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { bodyHashOf } from '../../../functions/ingress/domain/body-hash.ts';
import { nodeCrypto } from '../../../functions/shared/runtime/webhooks/node-crypto.ts';
import { signedStringCandidates } from '../../../functions/shared/twilio/signed-string.ts';

interface Vector {
  readonly id: string;
  readonly test: string;
  readonly authToken: string;
  readonly url: string;
  readonly params?: Readonly<Record<string, string | readonly string[]>>;
  readonly rawBody?: string;
  readonly signature?: string;
  readonly strictValid: boolean;
  readonly disputed: boolean;
  readonly tolerance?: string;
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL('../../recordings/twilio-signature-vectors.json', import.meta.url), 'utf8'),
);

const verify = ({ url, params = {}, rawBody, authToken, signature = '' }: Vector): boolean => {
  const [, origin = '', target = ''] = /^([A-Za-z]+:\/\/[^/]+)(.*)$/.exec(url) ?? [];
  const fields = new Map(Object.entries(params).map(([name, value]) => [name, [value].flat()]));
  const candidates = signedStringCandidates({ origin, target, fields });
  if (!nodeCrypto.isSigned({ candidates, tokens: [authToken], signature })) return false;
  return rawBody === undefined || bodyHashOf(target.split('?')[1] ?? '') === nodeCrypto.sha256(rawBody);
};

/** The one tolerance that we share: Twilio drops an explicit port from the https URLs of some products. */
const isPortDropped = ({ tolerance, url }: Vector): boolean =>
  tolerance === 'port-stripped' && url.startsWith('https:');

describe('published signature vectors', () => {
  const plain = vectors.filter((vector) => !isPortDropped(vector));
  test.each(plain.map((vector) => [vector.id, vector.test, vector] as const))(
    '%s: %s',
    (_id, _name, vector) => {
      expect(verify(vector)).toBe(vector.strictValid);
    },
  );

  const dropped = vectors.filter(isPortDropped);
  test.each(dropped.map((vector) => [vector.id, vector] as const))(
    '%s: an https origin with a port is also tried without it',
    (_id, vector) => {
      expect(verify(vector)).toBe(true);
    },
  );

  test('what other libraries accept beyond that is a port added, a URL re-written or an http port dropped', () => {
    const refused = vectors.filter(
      (vector) => vector.disputed && vector.tolerance !== undefined && !verify(vector),
    );
    expect(new Set(refused.map(({ tolerance }) => tolerance))).toEqual(
      new Set(['port-added', 'port-stripped', 'url-normalised', 'query-re-encoded']),
    );
    expect(dropped.length).toBeGreaterThan(3);
  });
});

describe('candidates', () => {
  const candidates = (origin: string) =>
    signedStringCandidates({ origin, target: '/a?b', fields: new Map() });

  test('an origin without a port has exactly one', () => {
    expect(candidates('https://h.example')).toEqual(['https://h.example/a?b']);
  });

  test('an https origin with a port has two, an http origin one', () => {
    expect(candidates('https://h.example:8443')).toEqual([
      'https://h.example:8443/a?b',
      'https://h.example/a?b',
    ]);
    expect(candidates('http://127.0.0.1:3000')).toEqual(['http://127.0.0.1:3000/a?b']);
  });

  test('names are sorted by bytes, also where UTF-16 order differs', () => {
    const fields = new Map([
      ['\u{1f600}', ['x']],
      ['\uffee', ['y']],
      ['b', ['2', '1', '2']],
      ['B', ['']],
    ]);
    expect(signedStringCandidates({ origin: 'o', target: '', fields })).toEqual(['oBb1b2\uffeey\u{1f600}x']);
  });

  test('a name that is the beginning of another comes first, also beyond the basic plane', () => {
    const fields = new Map([
      ['\u{1f600}a', ['1']],
      ['\u{1f600}', ['2']],
    ]);
    expect(signedStringCandidates({ origin: 'o', target: '', fields })).toEqual(['o\u{1f600}2\u{1f600}a1']);
  });
});
