import { TransportError } from './http-transport.ts';
import { type LightAws, type LightCall, sendOnce } from './light-aws.ts';

export interface Answer {
  readonly kind: 'answered';
  /** Name of the service's error without its namespace; empty where the call succeeded. */
  readonly error: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** No definite answer in all tries. `lastFailure` is a word. */
export interface NoAnswer {
  readonly kind: 'no-answer';
  readonly lastFailure: string;
}

const TRIES = 3;
const TRY_MILLISECONDS = 800;
/** In all: Twilio waits 15 s at most for everything, its own retries included. */
const DEADLINE_MILLISECONDS = 2500;
const BASE_DELAY_MILLISECONDS = 50;

/** Errors that a later try may not meet (DynamoDB and Secrets Manager API references, common errors). */
const TRANSIENT: ReadonlySet<string> = new Set([
  'InternalFailure',
  'InternalServerError',
  'InternalServiceError',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'ReplicatedWriteConflictException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'TransactionConflictException',
  'TransactionInProgressException',
]);

/** At most three tries, with full jitter between them, none beyond the deadline. Definite errors are answers. */
export const callWithRetries = async (
  aws: LightAws,
  call: Omit<LightCall, 'timeoutMilliseconds'>,
  withinMilliseconds: number = DEADLINE_MILLISECONDS,
): Promise<Answer | NoAnswer> => {
  const deadline = aws.clock() + Math.min(withinMilliseconds, DEADLINE_MILLISECONDS);
  let lastFailure = 'none';
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const remaining = deadline - aws.clock();
    if (remaining <= 0) break;
    const answer = await tryOnce(aws, {
      ...call,
      timeoutMilliseconds: Math.min(TRY_MILLISECONDS, remaining),
    });
    if (typeof answer !== 'string') return answer;
    lastFailure = answer;
    const delay = aws.randomness.fraction() * BASE_DELAY_MILLISECONDS * 2 ** tries;
    if (tries < TRIES && aws.clock() + delay < deadline) await aws.sleep(delay);
  }
  return { kind: 'no-answer', lastFailure };
};

/** @returns a word where nothing definite is known */
const tryOnce = async (aws: LightAws, call: LightCall): Promise<Answer | string> => {
  try {
    const { status, body } = await sendOnce(aws, call);
    const content = parseObject(body);
    if (content === undefined) return `unreadable-${status}`;
    const error = status < 300 ? '' : errorName(content);
    const isDefinite = status >= 200 && status < 500 && status !== 429 && !TRANSIENT.has(error);
    return isDefinite ? { kind: 'answered', error, content } : error || `status-${status}`;
  } catch (error) {
    if (error instanceof TransportError) return 'transport';
    throw error;
  }
};

/** `com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException` */
const errorName = (content: Readonly<Record<string, unknown>>): string => {
  const type = content.__type;
  return typeof type === 'string' ? type.slice(type.indexOf('#') + 1) : 'UnknownError';
};

const parseObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
