import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { AwsRequestError } from '../../../functions/shared/aws/light/aws-request-error.ts';
import { createLightAws } from '../../../functions/shared/aws/light/light-aws.ts';
import { createLightTables } from '../../../functions/shared/aws/light/light-tables.ts';
import { StoreUnavailableError } from '../../../functions/shared/ports/table-client.ts';
import { answer, FaultTransport, refusal } from '../../fakes/ingress/fault-transport.ts';

const ENVIRONMENT = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};

const tables = (transport: FaultTransport) =>
  createLightTables(
    createLightAws(ENVIRONMENT, {
      transport: transport.transport,
      clock: transport.clock,
      sleep: transport.sleep,
      randomness: { token: () => 'token', fraction: () => 1 },
    }),
    { voice: 'voice-table' },
  );

const CALL = { pk: 'CALL#1', version: 3 };
const bodyOf = (transport: FaultTransport) => JSON.parse(transport.requests[0]?.body ?? '');

describe('a read', () => {
  test('is one GetItem, consistent where it is asked to be', async () => {
    const transport = new FaultTransport(answer(200, { Item: marshall(CALL) }));

    expect(await tables(transport).get('voice', { pk: 'CALL#1' }, { consistent: true })).toEqual(CALL);
    expect(bodyOf(transport)).toEqual({
      TableName: 'voice-table',
      Key: { pk: { S: 'CALL#1' } },
      ConsistentRead: true,
    });
  });

  test('of nothing is undefined', async () => {
    expect(await tables(new FaultTransport(answer(200, {}))).get('voice', { pk: 'CALL#1' })).toBeUndefined();
  });

  test('that is refused for good is a bug', async () => {
    const transport = new FaultTransport(refusal('AccessDeniedException'));

    await expect(tables(transport).get('voice', { pk: 'CALL#1' })).rejects.toThrow(AwsRequestError);
  });

  test('without an answer in three tries is an unavailable store', async () => {
    const transport = new FaultTransport('reset', 'reset', 'reset');

    await expect(tables(transport).get('voice', { pk: 'CALL#1' })).rejects.toThrow(StoreUnavailableError);
  });
});

describe('a transaction of puts', () => {
  const condition = { expression: 'attribute_not_exists(#pk)', names: { '#pk': 'pk' } };
  const write = (transport: FaultTransport) =>
    tables(transport).transact([
      { kind: 'put', table: 'voice', item: CALL, condition },
      { kind: 'put', table: 'voice', item: { pk: 'FLOW#1' } },
    ]);

  test('commits as one request, with one token for all its tries', async () => {
    const transport = new FaultTransport('reset', answer(200, {}));

    expect(await write(transport)).toEqual({ kind: 'committed' });
    expect(transport.requests.map(({ body }) => JSON.parse(body).ClientRequestToken)).toEqual([
      'token',
      'token',
    ]);
    expect(bodyOf(transport).TransactItems).toHaveLength(2);
  });

  test('that was cancelled says why, action by action, with the item in the way', async () => {
    const transport = new FaultTransport(
      refusal('TransactionCanceledException', 400, {
        CancellationReasons: [
          { Code: 'ConditionalCheckFailed', Item: marshall(CALL) },
          { Code: 'TransactionConflict' },
        ],
      }),
    );

    expect(await write(transport)).toEqual({
      kind: 'canceled',
      reasons: [{ code: 'condition-failed', existing: CALL }, { code: 'transaction-conflict' }],
    });
  });

  test('without a reason for each action has an open outcome', async () => {
    const transport = new FaultTransport(refusal('TransactionCanceledException', 400, {}));

    await expect(write(transport)).rejects.toThrow(StoreUnavailableError);
  });

  test('for a reason that nobody knows is a bug', async () => {
    const CancellationReasons = [{ Code: 'None' }, { Code: 'ValidationError' }];
    const transport = new FaultTransport(
      refusal('TransactionCanceledException', 400, { CancellationReasons }),
    );

    await expect(write(transport)).rejects.toThrow(AwsRequestError);
  });
});
