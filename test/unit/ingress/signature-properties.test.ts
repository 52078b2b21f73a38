import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readInboundMessage } from '../../../functions/shared/twilio/inbound-payload.ts';
import {
  ACCOUNT,
  HooksHarness,
  INBOUND,
  MESSAGE_SID,
  ORIGIN,
  pathOf,
  replace,
  TOKEN,
} from '../../fakes/ingress/hooks-harness.ts';
import { encodeForm, type Parameter, signForm } from '../../fakes/ingress/twilio-signer.ts';

const RUNS = { numRuns: 1000 };

const text = fc
  .string({ unit: 'binary', maxLength: 40 })
  .filter((value) => !value.includes('\0') && value.isWellFormed());
const unknownName = fc.stringMatching(/^X[A-Za-z0-9_.[\]-]{1,30}$/).filter((name) => !name.startsWith('__'));
const digits = fc.stringMatching(/^[0-9]{10,15}$/);
const sid = fc.stringMatching(/^(SM|MM)[0-9a-f]{32}$/);

/** Inbound messages as Twilio may send them, parameters of the future included. */
const message: fc.Arbitrary<Parameter[]> = fc
  .record({
    sid,
    from: fc.oneof(
      digits.map((number) => `+${number}`),
      digits.map((number) => `whatsapp:+${number}`),
    ),
    body: text,
    city: text,
    media: fc.integer({ min: 0, max: 3 }),
    optOut: fc.option(fc.constantFrom('STOP', 'START', 'HELP'), { nil: undefined }),
    future: fc.uniqueArray(fc.tuple(unknownName, text), { maxLength: 5, selector: ([name]) => name }),
  })
  .map(({ sid: messageSid, from, body, city, media, optOut, future }) => [
    ...replace(
      replace(replace(replace(INBOUND, 'MessageSid', messageSid), 'From', from), 'Body', body),
      'FromCity',
      city,
    ).filter(([name]) => name !== 'NumMedia'),
    ['NumMedia', String(media)],
    ...Array.from(
      { length: media },
      (_, index): Parameter => [`MediaUrl${index}`, `https://api.twilio.com/m/${index}`],
    ),
    ...(optOut === undefined ? [] : [['OptOutType', optOut] as const]),
    ...future,
  ]);

const post = async (body: string, signature: string) => {
  const hooks = new HooksHarness();
  const { statusCode } = await hooks.post({ body, signature });
  return { statusCode, hooks };
};

const signatureOf = (parameters: readonly Parameter[], url = `${ORIGIN}${pathOf({})}`) =>
  signForm(TOKEN, url, parameters);

describe('whatever Twilio signs', () => {
  test('is accepted, and read back as it was sent', async () => {
    await fc.assert(
      fc.asyncProperty(message, async (parameters) => {
        const { statusCode, hooks } = await post(encodeForm(parameters), signatureOf(parameters));
        expect(statusCode).toBe(200);
        const given = new Map(parameters);
        expect(readInboundMessage(String(hooks.onlyItem.payload))).toMatchObject({
          messageSid: given.get('MessageSid'),
          from: given.get('From'),
          body: given.get('Body'),
        });
      }),
      RUNS,
    );
  });

  test('is refused after any change of one byte of the URL, a name, a value or the signature', async () => {
    const changed = fc.record({
      parameters: message,
      where: fc.constantFrom('url', 'name', 'value', 'signature'),
      index: fc.nat(),
      position: fc.nat(),
      delta: fc.integer({ min: 1, max: 127 }),
    });
    await fc.assert(
      fc.asyncProperty(changed, async ({ parameters, where, index, position, delta }) => {
        const chosen = index % parameters.length;
        const [name = '', value = ''] = parameters[chosen] ?? [];
        const change = (original: string) => changeByte(original, position, delta);
        const swap = (pair: Parameter) => parameters.map((other, at) => (at === chosen ? pair : other));
        const url = `${ORIGIN}${pathOf({})}`;
        const signature = signatureOf(parameters, where === 'url' ? change(url) : url);
        const { statusCode } = await post(
          encodeForm(
            where === 'name'
              ? swap([change(name), value])
              : where === 'value'
                ? swap([name, change(value)])
                : parameters,
          ),
          where === 'signature' ? change(signature) : signature,
        );
        expect([400, 403]).toContain(statusCode);
      }),
      RUNS,
    );
  });
});

/** Another ASCII character in the place of one; an empty text grows by one. */
const changeByte = (original: string, position: number, delta: number): string => {
  const at = original === '' ? 0 : position % original.length;
  if (original.charCodeAt(at) > 127) return `${original}x`;
  const code = ((original.charCodeAt(at) || 0) + delta) % 128;
  return original.slice(0, at) + String.fromCharCode(code) + original.slice(at + 1);
};

describe('boundaries that were moved under a valid signature', () => {
  /** The pairs in signed order: the concatenation stays, the cuts move. */
  const signedOrder = (parameters: readonly Parameter[]): Parameter[] =>
    [...parameters].sort((a, b) => Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])));

  const DECIDING = [
    ...['MessageSid', 'AccountSid', 'From', 'To', 'Body', 'OptOutType'],
    ...['NumMedia', 'MediaUrl0', 'MediaUrl1', 'MediaUrl2'],
  ];

  const isHarmless = (body: string, original: readonly Parameter[]): boolean => {
    const reshaped = new Map(new URLSearchParams(body));
    const given = new Map(original);
    return DECIDING.every((name) => reshaped.get(name) === given.get(name));
  };

  const expectNoHarm = async (reshaped: readonly Parameter[], original: readonly Parameter[]) => {
    fc.pre(reshaped.flat().every((word) => word.isWellFormed()));
    const body = encodeForm(reshaped);
    const { statusCode } = await post(body, signatureOf(original));
    // Where the text is still the signed one, only words that decide nothing may have been re-cut.
    if (statusCode === 200) expect(isHarmless(body, original)).toBe(true);
  };

  test('never change who wrote to whom, under which SID, with which media: a pair swallowed by its neighbour', async () => {
    await fc.assert(
      fc.asyncProperty(message, fc.nat(), async (parameters, index) => {
        const ordered = signedOrder(parameters);
        const at = index % (ordered.length - 1);
        const [name, value] = ordered[at]!;
        const [nextName, nextValue] = ordered[at + 1]!;
        const reshaped = [
          ...ordered.slice(0, at),
          [name, value + nextName + nextValue] as const,
          ...ordered.slice(at + 2),
        ];
        await expectNoHarm(reshaped, parameters);
      }),
      RUNS,
    );
  });

  test('... a cut moved within a pair, or between two', async () => {
    await fc.assert(
      fc.asyncProperty(
        message,
        fc.nat(),
        fc.integer({ min: -6, max: 6 }),
        fc.boolean(),
        async (parameters, index, by, across) => {
          const ordered = signedOrder(parameters);
          const at = index % (ordered.length - 1);
          const [name, value] = ordered[at]!;
          const [nextName, nextValue] = ordered[at + 1]!;
          const recut = (whole: string, cut: number): Parameter => [
            whole.slice(0, Math.max(0, cut)),
            whole.slice(Math.max(0, cut)),
          ];
          const joined = value + nextName;
          const reshaped: Parameter[] = across
            ? [
                ...ordered.slice(0, at),
                [name, joined.slice(0, Math.max(0, value.length + by))],
                [joined.slice(Math.max(0, value.length + by)), nextValue],
                ...ordered.slice(at + 2),
              ]
            : [...ordered.slice(0, at), recut(name + value, name.length + by), ...ordered.slice(at + 1)];
          await expectNoHarm(reshaped, parameters);
        },
      ),
      RUNS,
    );
  });

  test('... a name within somebody’s words taken for a parameter', async () => {
    const words = `Look From+15559999999 and MessageSid${MESSAGE_SID}`;
    const original = replace(INBOUND, 'Body', words);
    const reshaped = [
      ...replace(replace(original, 'Body', 'Look '), 'From', undefined),
      ['From', '+15559999999 and MessageSid'] as const,
    ];
    const { statusCode } = await post(encodeForm(reshaped), signatureOf(original));
    expect(statusCode).toBe(403);
    const sender = 'whatsapp:+15550100002';
    const crafted = replace(replace(INBOUND, 'Body', 'hi From+15559999999'), 'From', sender);
    const moved = replace(replace(crafted, 'Body', 'hi '), 'From', `+15559999999From${sender}`);
    const answer = await post(encodeForm(moved), signatureOf(crafted));
    expect([answer.statusCode, answer.hooks.outcomes()]).toEqual([403, ['reshaped']]);
  });

  test('the account is the path’s, whatever the parameters say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^AC[0-9a-f]{32}$/), async (other) => {
        fc.pre(other !== ACCOUNT);
        const parameters = replace(INBOUND, 'AccountSid', other);
        expect((await post(encodeForm(parameters), signatureOf(parameters))).statusCode).toBe(403);
      }),
      RUNS,
    );
  });
});
