import { beforeEach, describe, expect, test } from '@jest/globals';
import { verifyLedger } from '../../../functions/consent/domain/verify-ledger.ts';
import { keepLedger } from '../../../functions/consent/keep-ledger/keep-ledger.ts';
import { createHandler } from '../../../functions/consent/serve-consents/handler.ts';
import { sha256Hex } from '../../../functions/shared/runtime/digest.ts';
import { CONTACT_KEY, contactOf } from '../../fakes/consent/consent-of.ts';
import { httpEvent, lambdaContext } from '../../fakes/messaging/lambda-events.ts';
import { ACCOUNT } from '../../fakes/messaging/settings.ts';
import { Stage } from '../../fakes/messaging/stage.ts';

const ANNA = '+14155550123';
const OPT_IN = {
  address: '+1 (415) 555-0123',
  kind: 'opt-in',
  scope: 'topic:news',
  occurredAt: '2026-02-01T10:00:00Z',
  wording: 'I agree to get news by text.',
  place: 'https://shop.example.com/checkout',
};

let stage: Stage;
beforeEach(() => {
  stage = new Stage('2026-03-01T12:00:00Z');
});

const call = async (
  routeKey: string,
  options: { body?: unknown; key?: string; id?: string; after?: string } = {},
) => {
  const handler = createHandler({ accountSid: ACCOUNT }, { ...stage, key: async () => CONTACT_KEY });
  const response = await handler(
    httpEvent({
      routeKey,
      client: { id: 'shop' },
      headers: {
        'content-type': 'application/json',
        ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.id === undefined ? {} : { pathParameters: { id: options.id } }),
      ...(options.after === undefined ? {} : { query: `after=${options.after}` }),
    }),
    lambdaContext(),
  );
  return { status: response.statusCode, body: JSON.parse(response.body) };
};

const record = (body: unknown, key = 'key-1') => call('POST /v1/consents', { body, key });

describe('POST /v1/consents', () => {
  test('records an opt-in with its proof, once per key', async () => {
    const first = await record(OPT_IN);
    expect(first).toMatchObject({ status: 200, body: { effect: 'opted-in', contactId: contactOf(ANNA) } });
    expect(await record(OPT_IN)).toMatchObject({ status: 200, body: { effect: 'known' } });
    expect(await record({ ...OPT_IN, scope: 'everything' })).toMatchObject({ status: 409 });
    expect(JSON.stringify(stage.drainEvents())).not.toContain('4155550123');
  });

  test('an opt-out by another channel holds at once', async () => {
    await record(OPT_IN);
    const {
      wording: _wording,
      place: _place,
      ...optOut
    } = { ...OPT_IN, kind: 'opt-out', scope: 'everything', occurredAt: '2026-02-02T10:00:00Z' };
    expect(await record(optOut, 'key-2')).toMatchObject({ body: { effect: 'opted-out' } });
    const facts = await stage.consent.read({
      accountSid: ACCOUNT,
      channel: 'sms',
      address: ANNA,
      trafficClass: 'otp',
      topic: 'news',
    });
    expect(facts.standing).toBe('opted-out');
  });

  test('an older opt-in that arrives after an opt-out is kept, and changes nothing', async () => {
    await record({ address: ANNA, kind: 'opt-out', occurredAt: '2026-02-02T10:00:00Z' });
    expect(await record({ ...OPT_IN, scope: 'everything' }, 'key-2')).toMatchObject({
      body: { effect: 'noted', reason: 'the person opted out later than this' },
    });
  });

  test.each([
    ['without its wording', { ...OPT_IN, wording: undefined }, 400],
    ['of an unknown scope', { ...OPT_IN, scope: 'all' }, 400],
    ['with a field that nobody knows', { ...OPT_IN, consent: true }, 400],
    ['of tomorrow', { ...OPT_IN, occurredAt: '2026-03-02T10:00:00Z' }, 422],
    ['of a number without a country', { ...OPT_IN, address: '415 555 0123' }, 422],
    ['of a number that cannot be', { ...OPT_IN, address: '+1 23' }, 422],
  ])('refuses an opt-in %s', async (_what, body, status) => {
    expect(await record(body)).toMatchObject({ status });
    expect(stage.tables.items('consent')).toEqual([]);
  });

  test('of a batch, every bad record is reported, and every good one taken', async () => {
    const records = [
      { key: 'row-2', record: OPT_IN },
      { key: 'row-3', record: { ...OPT_IN, address: 'nobody' } },
      { key: 'row-4', record: 'rubbish' },
      { key: 'row-2', record: { ...OPT_IN, scope: 'everything' } },
    ];
    const { status, body } = await call('POST /v1/consents/batches', { body: { records }, key: 'batch-1' });
    expect(status).toBe(200);
    expect(
      body.results.map(({ key, problems = [] }: { key: string; problems?: string[] }) => [
        key,
        problems.length,
      ]),
    ).toEqual([
      ['row-2', 0],
      ['row-3', 1],
      ['row-4', 1],
      ['row-2', 1],
    ]);
  });
});

describe('a contact', () => {
  test('is found by its address, which stands in no URL, and shows what it agreed to', async () => {
    await record(OPT_IN);
    const { body } = await call('POST /v1/contacts/lookup', { body: { address: ANNA } });
    expect(body).toEqual({ id: contactOf(ANNA) });
    expect(await call('GET /v1/contacts/{id}/consent', { id: body.id })).toMatchObject({
      status: 200,
      body: { standings: [{ scope: 'topic:news', status: 'opted-in', source: 'api' }], erased: false },
    });
    expect(await call('GET /v1/contacts/{id}/consent', { id: ANNA })).toMatchObject({ status: 404 });
  });

  test('whose other address is linked is opted out with it', async () => {
    const other = '+14155550124';
    await record({ address: ANNA, kind: 'opt-out', occurredAt: '2026-02-02T10:00:00Z' });
    const body = { contactId: contactOf(other) };
    expect(
      await call('POST /v1/contacts/{id}/links', { id: contactOf(ANNA), body, key: 'link-1' }),
    ).toMatchObject({
      status: 200,
      body: { linked: [contactOf(other)] },
    });
    const facts = await stage.consent.read({
      accountSid: ACCOUNT,
      channel: 'sms',
      address: other,
      trafficClass: 'otp',
    });
    expect(facts.standing).toBe('opted-out');
  });
});

describe('an export', () => {
  const exported = async (key: string) => {
    const { body: made } = await call('POST /v1/exports', { body: { kind: 'consent' }, key });
    const lines: string[] = [];
    let after: string | undefined;
    do {
      const { body } = await call('GET /v1/exports/{id}/lines', {
        id: made.id,
        ...(after === undefined ? {} : { after }),
      });
      lines.push(...body.lines);
      after = body.next;
    } while (after !== undefined);
    return { made, lines };
  };
  const keep = async () => {
    for (const event of stage.drainEvents())
      await keepLedger(event, stage.random.token(), { ledgerRetentionDays: 1827 }, stage);
  };
  const findings = ({ made, lines }: Awaited<ReturnType<typeof exported>>) => {
    const verifier = verifyLedger(made.shards, sha256Hex);
    return [...lines.flatMap((line) => verifier.take(line) ?? []), ...verifier.conclude()];
  };

  test('holds the whole ledger as it was, and verifies', async () => {
    for (const number of [1, 2, 3, 4, 5])
      await record({ ...OPT_IN, address: `+1415555010${number}` }, `key-${number}`);
    await keep();
    const first = await exported('export-1');
    expect(first.made.records).toBe(5);
    expect(first.lines).toHaveLength(5);
    expect(findings(first)).toEqual([]);
    await record({ ...OPT_IN, address: '+14155550106' }, 'key-6');
    await keep();
    expect((await exported('export-1')).lines).toEqual(first.lines);
    expect(findings(await exported('export-2'))).toEqual([]);
  });

  test('stays whole when an address is erased, and the opt-out goes on being honoured', async () => {
    await record({ address: ANNA, kind: 'opt-out', occurredAt: '2026-02-02T10:00:00Z' });
    await keep();
    expect((await exported('export-1')).lines.join()).toContain(ANNA);
    const erased = await call('POST /v1/contacts/{id}/erasure', {
      id: contactOf(ANNA),
      body: { reason: 'asked for' },
      key: 'erase-1',
    });
    expect(erased).toMatchObject({ status: 200, body: { erased: true } });
    const after = await exported('export-2');
    expect(after.lines.join()).not.toContain(ANNA);
    expect(findings(after)).toEqual([]);
    const facts = await stage.consent.read({
      accountSid: ACCOUNT,
      channel: 'sms',
      address: ANNA,
      trafficClass: 'otp',
    });
    expect(facts.standing).toBe('opted-out');
  });

  test.each(['x', '1', '1.2.3', '99.1.'])('a cursor %j is refused', async (after) => {
    const { made } = await exported('export-1');
    expect(await call('GET /v1/exports/{id}/lines', { id: made.id, after })).toMatchObject({ status: 400 });
  });
});
