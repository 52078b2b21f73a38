import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createLightAccountSecrets } from '../../../functions/shared/aws/light/account-secrets.ts';
import { AwsRequestError } from '../../../functions/shared/aws/light/aws-request-error.ts';
import { createHttpTransport, TransportError } from '../../../functions/shared/aws/light/http-transport.ts';
import { createLightAws } from '../../../functions/shared/aws/light/light-aws.ts';
import { createLightPutClient } from '../../../functions/shared/aws/light/put-client.ts';
import { signRequest } from '../../../functions/shared/aws/light/sign-request.ts';
import { SecretUnavailableError } from '../../../functions/shared/ports/account-secrets.ts';
import { type Item, StoreUnavailableError } from '../../../functions/shared/ports/table-client.ts';
import { answer, type Exchange, FaultTransport, refusal } from '../../fakes/ingress/fault-transport.ts';
import { ACCOUNT } from '../../fakes/ingress/hooks-harness.ts';

const ENVIRONMENT = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};

const lightAws = (transport: FaultTransport, environment: Record<string, string> = ENVIRONMENT) =>
  createLightAws(environment, {
    transport: transport.transport,
    clock: transport.clock,
    sleep: transport.sleep,
    randomness: { token: () => 'token', fraction: () => 1 },
  });

const ITEM: Item = { pk: 'MSG#1', version: 1, owner: 'me', outbox: [{ kind: 'event' }], token: undefined };
const NEW = { expression: 'attribute_not_exists(#pk)', names: { '#pk': 'pk' } };

const put = (transport: FaultTransport) =>
  createLightPutClient(lightAws(transport), { inbox: 'inbox-table' }).put({
    table: 'inbox',
    item: ITEM,
    condition: NEW,
  });

describe('a conditional put', () => {
  test('is one PutItem with its condition, asking for what stands in the way', async () => {
    const transport = new FaultTransport(answer(200, {}));
    expect(await put(transport)).toEqual({ kind: 'written' });
    expect(transport.requests.length).toBe(1);
    const [request] = transport.requests;
    expect(request?.url.href).toBe('https://dynamodb.eu-central-1.amazonaws.com/');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.PutItem',
      'x-amz-date': '20260301T120000Z',
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      TableName: 'inbox-table',
      Item: marshall(ITEM, { removeUndefinedValues: true }),
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': 'pk' },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  });

  test('that meets an item gives it back', async () => {
    const existing = { pk: { S: 'MSG#1' }, version: { N: '1' }, owner: { S: 'other' } };
    const transport = new FaultTransport(refusal('ConditionalCheckFailedException', 400, { Item: existing }));
    expect(await put(transport)).toEqual({
      kind: 'conflict',
      existing: { pk: 'MSG#1', version: 1, owner: 'other' },
    });
  });

  test.each<[string, Exchange]>([
    ['a socket was reset', 'reset'],
    ['nothing came in time', 'slow'],
    ['the table was throttled', refusal('ProvisionedThroughputExceededException')],
    ['the account was throttled', refusal('ThrottlingException')],
    ['another transaction held the item', refusal('TransactionConflictException')],
    ['the service failed', refusal('InternalServerError', 500)],
    ['a proxy failed', answer(502, '<html>Bad gateway</html>')],
    ['a proxy answered 200 with garbage', answer(200, '{"Item"')],
    ['the answer was no object', answer(200, '[]')],
    ['requests were too many', answer(429, {})],
  ])('is tried again when %s', async (_name, fault) => {
    const transport = new FaultTransport(fault, answer(200, {}));
    expect(await put(transport)).toEqual({ kind: 'written' });
    expect(transport.requests.length).toBe(2);
    expect(transport.slept).toEqual([100]);
  });

  test('whose acknowledgement was lost meets its own item', async () => {
    const own = { pk: { S: 'MSG#1' }, owner: { S: 'me' } };
    const transport = new FaultTransport(
      'reset',
      refusal('ConditionalCheckFailedException', 400, { Item: own }),
    );
    expect(await put(transport)).toMatchObject({ kind: 'conflict', existing: { owner: 'me' } });
  });

  test('is given up after three tries, as unknown', async () => {
    const transport = new FaultTransport('reset', refusal('ThrottlingException'), answer(503, ''));
    await expect(put(transport)).rejects.toThrow(StoreUnavailableError);
    expect(transport.requests.length).toBe(3);
  });

  test('takes at most 2.5 seconds, however slow the store is', async () => {
    const transport = new FaultTransport('slow', 'slow', 'slow');
    const start = transport.now;
    await expect(put(transport)).rejects.toThrow(StoreUnavailableError);
    expect(transport.requests.map(({ timeoutMilliseconds }) => timeoutMilliseconds)).toEqual([800, 800, 600]);
    expect(transport.now - start).toBe(2500);
  });

  test.each(['ValidationException', 'AccessDeniedException', 'ResourceNotFoundException'])(
    'that is refused with %s is a bug and is not repeated',
    async (error) => {
      const transport = new FaultTransport(refusal(error));
      await expect(put(transport)).rejects.toThrow(AwsRequestError);
      expect(transport.requests.length).toBe(1);
    },
  );
});

describe('endpoints', () => {
  const urlWith = async (environment: Record<string, string>) => {
    const transport = new FaultTransport(answer(200, {}));
    const aws = lightAws(transport, { ...ENVIRONMENT, ...environment });
    await createLightPutClient(aws, { inbox: 't' }).put({ table: 'inbox', item: ITEM });
    return transport.requests[0]?.url.href;
  };

  test('are overridden for one service or for all', async () => {
    const all = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
    expect(await urlWith(all)).toBe('http://127.0.0.1:1/');
    expect(await urlWith({ ...all, AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:2' })).toBe(
      'http://127.0.0.1:2/',
    );
  });

  test('follow the partition of the Region', async () => {
    expect(await urlWith({ AWS_REGION: 'cn-north-1' })).toBe('https://dynamodb.cn-north-1.amazonaws.com.cn/');
  });

  test('need a Region and credentials', () => {
    const transport = new FaultTransport();
    expect(() => lightAws(transport, { ...ENVIRONMENT, AWS_REGION: '' })).toThrow('AWS_REGION');
    expect(() => lightAws(transport, { AWS_REGION: 'eu-central-1' })).toThrow('AWS_ACCESS_KEY_ID');
  });
});

describe('signatures', () => {
  const credentials = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  };

  interface SdkRequest {
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly hostname: string;
  }

  /** Lets an SDK client sign a request, and stops it before it leaves. */
  const signedBySdk = async (send: (handler: object) => Promise<unknown>): Promise<SdkRequest> => {
    let seen: SdkRequest | undefined;
    const handle = async (request: SdkRequest): Promise<never> => {
      seen = request;
      throw new Error('not sent');
    };
    await send({ handle }).catch(() => undefined);
    if (seen === undefined) throw new Error('the SDK sent nothing');
    return seen;
  };

  const expectSameSignature = (request: SdkRequest, service: string, sessionToken?: string) => {
    const { authorization = '', ...headers } = request.headers;
    const [, names = ''] = /SignedHeaders=([^,]+)/.exec(authorization) ?? [];
    const given = names.split(';').filter((name) => !['host', 'content-length', 'x-amz-date'].includes(name));
    const date = headers['x-amz-date']?.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z') ?? '';
    const signed = signRequest({
      url: new URL(`https://${request.hostname}/`),
      region: 'us-east-1',
      service,
      headers: Object.fromEntries(given.map((name) => [name, headers[name] ?? ''])),
      body: request.body,
      credentials: { ...credentials, ...(sessionToken !== undefined && { sessionToken }) },
      now: Date.parse(date),
    });
    const signatureOf = (value = '') => /Signature=(.*)/.exec(value)?.[1];
    expect(signed.authorization).toContain(names);
    expect(signatureOf(signed.authorization)).toBe(signatureOf(authorization));
  };

  test('equal those of the AWS SDK for the same requests', async () => {
    const config = { region: 'us-east-1', maxAttempts: 1 };
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }),
        fc.option(fc.stringMatching(/^[A-Za-z0-9+/=]{20,60}$/)),
        async (text, token) => {
          const sessionToken = token ?? undefined;
          const identity = { ...credentials, ...(sessionToken !== undefined && { sessionToken }) };
          const item = await signedBySdk((requestHandler) =>
            new DynamoDBClient({
              ...config,
              credentials: identity,
              requestHandler: requestHandler as never,
            }).send(new PutItemCommand({ TableName: 'inbox', Item: { pk: { S: text } } })),
          );
          expectSameSignature(item, 'dynamodb', sessionToken);
        },
      ),
      { numRuns: 50 },
    );
    const secret = await signedBySdk((requestHandler) =>
      new SecretsManagerClient({ ...config, credentials, requestHandler: requestHandler as never }).send(
        new GetSecretValueCommand({ SecretId: 'trunkline/twilio/AC' }),
      ),
    );
    expectSameSignature(secret, 'secretsmanager');
  });
});

test('items are marshalled as util-dynamodb does', async () => {
  const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null));
  const value = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie('tree'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).tree;
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), value, { noNullPrototype: true }),
      async (item) => {
        fc.pre(!('constructor' in item && Object.hasOwn(item, 'constructor')));
        const transport = new FaultTransport(answer(200, {}));
        await createLightPutClient(lightAws(transport), { inbox: 't' }).put({
          table: 'inbox',
          item: item as Item,
        });
        expect(JSON.parse(transport.requests[0]?.body ?? '').Item).toEqual(marshall(item));
      },
    ),
    { numRuns: 1000 },
  );
});

describe('account secrets', () => {
  const secretAnswer = (...authTokens: string[]) =>
    answer(200, { SecretString: JSON.stringify({ accountSid: ACCOUNT, authTokens }) });
  const secrets = (transport: FaultTransport) =>
    createLightAccountSecrets(lightAws(transport), 'trunkline/twilio/');

  test('are read once and cached', async () => {
    const transport = new FaultTransport(secretAnswer('one'));
    const store = secrets(transport);
    expect((await store.read(ACCOUNT)).authTokens).toEqual(['one']);
    await store.read(ACCOUNT);
    expect(transport.requests.length).toBe(1);
    expect(JSON.parse(transport.requests[0]?.body ?? '')).toEqual({
      SecretId: `trunkline/twilio/${ACCOUNT}`,
    });
    expect(transport.requests[0]?.headers['x-amz-target']).toBe('secretsmanager.GetSecretValue');
  });

  test('are refreshed at most once in 30 seconds', async () => {
    const transport = new FaultTransport(secretAnswer('one'), secretAnswer('two'));
    const store = secrets(transport);
    await store.read(ACCOUNT);
    transport.now += 29_999;
    expect(await store.refresh(ACCOUNT)).toBeUndefined();
    transport.now += 1;
    expect((await store.refresh(ACCOUNT))?.authTokens).toEqual(['two']);
    expect(await store.refresh(ACCOUNT)).toBeUndefined();
    expect((await store.read(ACCOUNT)).authTokens).toEqual(['two']);
  });

  test('that two requests want at once are read once', async () => {
    const transport = new FaultTransport(secretAnswer('one'), secretAnswer('two'));
    const store = secrets(transport);
    await Promise.all([store.read(ACCOUNT), store.read(ACCOUNT)]);
    transport.now += 30_000;
    const [first, second] = await Promise.all([store.refresh(ACCOUNT), store.refresh(ACCOUNT)]);
    expect([first?.authTokens, second?.authTokens]).toEqual([['two'], ['two']]);
    expect(transport.requests.length).toBe(2);
  });

  test('are read anew after five minutes, so that a token that was taken out stops being accepted', async () => {
    const transport = new FaultTransport(secretAnswer('one', 'old'), secretAnswer('one'));
    const store = secrets(transport);
    await store.read(ACCOUNT);
    transport.now += 300_000;
    expect((await store.read(ACCOUNT)).authTokens).toEqual(['one']);
  });

  test('once known go on serving while Secrets Manager does not answer, which is asked again every 30 seconds', async () => {
    const transport = new FaultTransport(secretAnswer('one'), 'reset', 'reset', 'reset');
    const store = secrets(transport);
    await store.read(ACCOUNT);
    transport.now += 300_000;
    expect((await store.read(ACCOUNT)).authTokens).toEqual(['one']);
    expect((await store.read(ACCOUNT)).authTokens).toEqual(['one']);
    expect(transport.requests.length).toBe(4);
    transport.now += 30_000;
    transport.play(secretAnswer('two'));
    expect((await store.read(ACCOUNT)).authTokens).toEqual(['two']);
  });

  test.each<[string, Exchange]>([
    ['it is not there', refusal('ResourceNotFoundException')],
    ['it is of another account', answer(200, { SecretString: '{"accountSid":"ACx","authTokens":["t"]}' })],
    ['it has no tokens', secretAnswer()],
    ['it has an empty token', secretAnswer('')],
    ['it is no JSON', answer(200, { SecretString: 'token' })],
    ['it is binary', answer(200, { SecretBinary: 'dG9rZW4=' })],
  ])('are unavailable when %s', async (_name, exchange) => {
    await expect(secrets(new FaultTransport(exchange)).read(ACCOUNT)).rejects.toThrow(SecretUnavailableError);
  });
});

describe('the transport', () => {
  const withServer = async (
    listener: Parameters<typeof createServer>[1],
    run: (url: URL) => Promise<void>,
  ): Promise<void> => {
    const server = createServer(listener as never);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await run(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };
  const request = { headers: { 'content-length': '2' }, body: 'hi', timeoutMilliseconds: 500 };

  test('posts, and keeps the socket for the next request', async () => {
    const ports = new Set<number | undefined>();
    const listener = (
      incoming: import('node:http').IncomingMessage,
      outgoing: import('node:http').ServerResponse,
    ) => {
      ports.add(incoming.socket.remotePort);
      incoming.pipe(outgoing);
    };
    await withServer(listener as never, async (url) => {
      const transport = createHttpTransport();
      expect(await transport({ url, ...request })).toEqual({ status: 200, body: 'hi' });
      expect(await transport({ url, ...request })).toEqual({ status: 200, body: 'hi' });
    });
    expect(ports.size).toBe(1);
  });

  test('ends what takes too long, and what is cut off', async () => {
    await withServer((() => undefined) as never, async (url) => {
      const slow = createHttpTransport()({ url, ...request, timeoutMilliseconds: 20 });
      await expect(slow).rejects.toThrow(TransportError);
    });
    const cut = (_incoming: unknown, outgoing: import('node:http').ServerResponse) => {
      outgoing.writeHead(200, { 'content-length': '100' });
      outgoing.write('half');
      outgoing.socket?.destroy();
    };
    await withServer(cut as never, async (url) => {
      await expect(createHttpTransport()({ url, ...request })).rejects.toThrow(TransportError);
    });
  });
});
