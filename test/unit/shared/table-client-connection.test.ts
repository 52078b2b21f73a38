import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTableClient } from '../../../functions/shared/aws/table-client.ts';
import { createDynamoDbClient } from '../../../functions/shared/aws/table-client-connection.ts';
import { forEveryTable } from '../../../functions/shared/contract/tables.ts';
import { StoreUnavailableError } from '../../../functions/shared/ports/table-client.ts';
import { withErrorsOfThisRealm } from '../../fakes/errors-of-this-realm.ts';
import { answering, httpAnswer, isWhole, type Script, startRawServer } from './support/raw-server.ts';

const ENVIRONMENT = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};

const before = { ...process.env };
beforeAll(() => {
  Object.assign(process.env, ENVIRONMENT);
});
afterAll(() => {
  process.env = before;
});

const readFrom = (origin: string) => {
  process.env.AWS_ENDPOINT_URL_DYNAMODB = origin;
  const client = createDynamoDbClient({ maxAttempts: 1, requestTimeoutMilliseconds: 50 });
  client.config.requestHandler = withErrorsOfThisRealm(client.config.requestHandler);
  return createTableClient({
    client,
    tableNames: forEveryTable((table) => `${table}-table`),
    random: { token: () => 'token', fraction: () => 0 },
    sleep: async () => undefined,
  }).get('inbox', { pk: 'a' });
};

describe('the connection to DynamoDB', () => {
  test('reads an item where all is well', async () => {
    await using server = await startRawServer(answering(httpAnswer('200 OK', '{"Item":{"pk":{"S":"a"}}}')));
    expect(await readFrom(server.origin)).toEqual({ pk: 'a' });
    expect(server.received[0]).toContain('inbox-table');
  });

  test.each<[string, Script]>([
    ['silence', () => undefined],
    ['a connection that breaks', (socket) => socket.resetAndDestroy()],
    ['a connection that closes', (socket) => socket.end()],
    [
      'half an answer, then silence',
      (socket, received) =>
        isWhole(received) && socket.write('HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{'),
    ],
    ['half an answer, then the end', answering('HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{')],
    ['an answer that is not JSON', answering(httpAnswer('200 OK', '<html>'))],
    ['an answer that is not HTTP', answering('SSH-2.0-OpenSSH_9.2\r\n')],
    ['a refusal without a code', answering(httpAnswer('400 Bad Request', '<html>'))],
    ['a refusal in JSON without a code', answering(httpAnswer('403 Forbidden', '{"message":"no"}'))],
    ['a full proxy', answering(httpAnswer('429 Too Many Requests', ''))],
  ])('%s means unavailable, in time', async (_, script) => {
    await using server = await startRawServer(script);
    await expect(readFrom(server.origin)).rejects.toThrow(StoreUnavailableError);
  });

  test('a refused connection means unavailable', async () => {
    const server = await startRawServer(() => undefined);
    await server[Symbol.asyncDispose]();
    await expect(readFrom(server.origin)).rejects.toThrow(StoreUnavailableError);
  });

  test.each([
    ['a missing table', 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException'],
    ['a request that is not valid', 'com.amazon.coral.validate#ValidationException'],
    ['a token that has expired', 'com.amazon.coral.service#ExpiredTokenException'],
  ])('%s is thrown as it is', async (_, type) => {
    const body = JSON.stringify({ __type: type, message: 'no' });
    await using server = await startRawServer(answering(httpAnswer('400 Bad Request', body)));
    await expect(readFrom(server.origin)).rejects.toMatchObject({ name: type.split('#')[1] });
  });
});
