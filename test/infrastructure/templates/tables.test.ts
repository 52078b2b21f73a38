import { describe, expect, test } from '@jest/globals';
import { TABLES } from '../../../functions/shared/contract/tables.ts';
import { ENVIRONMENTS, synthesized } from './synthesized.ts';

describe.each(ENVIRONMENTS)('tables of %s', (environment) => {
  const { of, target } = synthesized(environment);
  const tables = of('AWS::DynamoDB::Table');
  const table = (name: string) =>
    tables.find(({ properties }) => properties.TableName === `trunkline-${environment}-${name}`);

  test('there is a table for every subject of the contract, in the state stack', () => {
    expect(tables.map(({ properties }) => properties.TableName).sort()).toEqual(
      Object.keys(TABLES)
        .map((name) => `trunkline-${environment}-${name}`)
        .sort(),
    );
    expect(new Set(tables.map(({ stack }) => stack))).toEqual(new Set([`trunkline-${environment}-state`]));
  });

  test('keys and indexes have the shape of the contract, and indexes project keys only', () => {
    expect(table('messaging')?.properties).toMatchObject({
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'due',
          KeySchema: [
            { AttributeName: 'dueShard', KeyType: 'HASH' },
            { AttributeName: 'dueAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
        {
          IndexName: 'recipient',
          KeySchema: [
            { AttributeName: 'recipient', KeyType: 'HASH' },
            { AttributeName: 'goesAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    });
    expect(table('inbox')?.properties.KeySchema).toEqual([{ AttributeName: 'pk', KeyType: 'HASH' }]);
    expect(table('timeline')?.properties.GlobalSecondaryIndexes).toBeUndefined();
  });

  test('tables with an outbox, and no others, have a stream of new images', () => {
    const streams = Object.fromEntries(
      Object.keys(TABLES).map((name) => [name, table(name)?.properties.StreamSpecification?.StreamViewType]),
    );

    expect(streams).toEqual(
      Object.fromEntries(
        Object.entries(TABLES).map(([name, { outbox }]) => [name, outbox ? 'NEW_IMAGE' : undefined]),
      ),
    );
  });

  test('every table is on demand, expires items, recovers to a point in time and has the customer key', () => {
    for (const { stack, properties } of tables) {
      expect(properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      });
      expect(target(stack, properties.SSESpecification.KMSMasterKeyId)?.type).toBe('AWS::KMS::Key');
    }
  });

  test('throttles and errors of every table alarm', () => {
    const names = of('AWS::CloudWatch::Alarm').map(({ properties }) => properties.AlarmName);

    for (const name of Object.keys(TABLES)) {
      expect(names).toContain(`trunkline-${environment}-table-errors-${name}`);
    }
  });
});

describe('protection', () => {
  const protectionOf = (environment: string) =>
    synthesized(environment)
      .of('AWS::DynamoDB::Table')
      .map(({ properties, deletionPolicy }) => [properties.DeletionProtectionEnabled, deletionPolicy]);

  test.each(['staging', 'production'])('tables of %s cannot be deleted and outlive their stack', (name) => {
    expect(protectionOf(name)).toEqual(Object.keys(TABLES).map(() => [true, 'Retain']));
  });

  test('tables of local go with their stack', () => {
    expect(protectionOf('local')).toEqual(Object.keys(TABLES).map(() => [false, 'Delete']));
  });
});
