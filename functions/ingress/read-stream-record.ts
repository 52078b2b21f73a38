import type { AttributeValue as StoredValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { unmarshallItem } from '../shared/aws/table-client-marshalling.ts';
import type { Change, ChangeImage } from './publish-changes.ts';

/** A record of a DynamoDB stream (view: new images) as the use case knows it. Throws only on what is no stream record. */
export const readStreamRecord = (record: DynamoDBRecord): Change => {
  const { SequenceNumber, Keys, NewImage } = record.dynamodb ?? {};
  const table = /:table\/([^/]+)\/stream\//.exec(record.eventSourceARN ?? '')?.[1];
  if (SequenceNumber === undefined || table === undefined)
    throw new TypeError('Not a record of a table stream');
  return {
    sequenceNumber: SequenceNumber,
    table,
    key: JSON.stringify(Keys ?? {}),
    image: record.eventName === 'REMOVE' ? { kind: 'removed' } : readImage(NewImage),
  };
};

const readImage = (image: object | undefined): ChangeImage => {
  try {
    if (image === undefined) return { kind: 'unreadable' };
    // Lambda's JSON of an image is the SDK's form but for binary values, which no item has.
    return { kind: 'item', item: unmarshallItem(image as Record<string, StoredValue>) };
  } catch {
    return { kind: 'unreadable' };
  }
};
