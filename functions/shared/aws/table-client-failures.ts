import {
  DynamoDBServiceException,
  TransactionConflictException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import { StoreUnavailableError } from '../ports/table-client.ts';

/** Error codes of DynamoDB that a later try may not meet (Amazon DynamoDB Developer Guide, "Error handling"). */
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  'InternalServerError',
  'InternalFailure',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'ReplicatedWriteConflictException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'ThrottlingException',
  'ThrottlingError',
  'TimeoutError',
  'TransactionConflictException',
  'TransactionInProgressException',
]);

/** Names that the SDK gives an error answer without a code: some box between DynamoDB and us spoke. */
const NAMELESS_CODES: ReadonlySet<string> = new Set(['Error', 'Unknown', 'UnknownError']);

/** Codes of node:net, node:dns, node:http and TLS that leave it open whether DynamoDB saw the request. */
const NETWORK_CODES: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'EPROTO',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ETIMEDOUT',
]);

/** Further families of codes: the HTTP parser, TLS. */
const NETWORK_CODE_FAMILIES = /^(HPE|ERR_SSL|ERR_TLS)_/;

/** What the SDK throws, as the port has it: StoreUnavailableError where nothing definite is known, else the error itself. */
export const translateFailure = (error: unknown): unknown =>
  isIndefinite(error)
    ? new StoreUnavailableError(`DynamoDB gave no definite answer: ${nameOf(error)}`, { cause: error })
    : error;

/** Somebody else held the item for a moment; nothing was written. */
export const isContention = (error: unknown): boolean => error instanceof TransactionConflictException;

/** An earlier try with the same token is still being carried out. */
export const isInProgress = (error: unknown): boolean => error instanceof TransactionInProgressException;

const isIndefinite = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error instanceof DynamoDBServiceException) return isIndefiniteAnswer(error);
  return hasNetworkCode(error) || error.name === 'TimeoutError' || isUnreadableAnswer(error);
};

const isIndefiniteAnswer = (error: DynamoDBServiceException): boolean => {
  const status = error.$metadata.httpStatusCode ?? 0;
  return status >= 500 || status === 429 || TRANSIENT_CODES.has(error.name) || NAMELESS_CODES.has(error.name);
};

const hasNetworkCode = (error: Error): boolean =>
  'code' in error &&
  typeof error.code === 'string' &&
  (NETWORK_CODES.has(error.code) || NETWORK_CODE_FAMILIES.test(error.code));

// The SDK marks an error of parsing an answer with that answer's metadata.
const isUnreadableAnswer = (error: Error): boolean =>
  error.name === 'SyntaxError' || '$responseBodyText' in error;

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
