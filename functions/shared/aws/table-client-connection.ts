import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface TableConnection {
  readonly maxAttempts: number;
  readonly connectionTimeoutMilliseconds: number;
  /** For the head of an answer, and again for each silence within it. */
  readonly requestTimeoutMilliseconds: number;
}

/** With three tries, a call ends within about 4 s: inside every function's budget (protocols: law of times). */
const CONNECTION: TableConnection = {
  maxAttempts: 3,
  connectionTimeoutMilliseconds: 1000,
  requestTimeoutMilliseconds: 1000,
};

/** A DynamoDB client that gives up in time instead of waiting for the function's end. */
export const createDynamoDbClient = (connection: Partial<TableConnection> = {}): DynamoDBClient => {
  const { maxAttempts, connectionTimeoutMilliseconds, requestTimeoutMilliseconds } = {
    ...CONNECTION,
    ...connection,
  };
  return new DynamoDBClient({
    maxAttempts,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: connectionTimeoutMilliseconds,
      requestTimeout: requestTimeoutMilliseconds,
      // By default the SDK only logs a warning and waits on.
      throwOnRequestTimeout: true,
      socketTimeout: requestTimeoutMilliseconds,
    },
  });
};
