import { CLOUDFRONT_KINDS } from './cloudfront.ts';
import { DYNAMODB_KINDS } from './dynamodb.ts';
import { EVENT_SOURCE_KINDS } from './event-source-mapping.ts';
import { EVENT_KINDS } from './events.ts';
import { HTTP_API_KINDS } from './http-api.ts';
import { LAMBDA_KINDS } from './lambda.ts';
import type { ResourceKind } from './resource-kind.ts';
import { SQS_KINDS } from './sqs.ts';
import { STORAGE_KINDS } from './storage.ts';
import { INERT_KINDS } from './without-local-meaning.ts';

const ALL: readonly ResourceKind[] = [
  ...CLOUDFRONT_KINDS,
  ...DYNAMODB_KINDS,
  ...SQS_KINDS,
  ...EVENT_KINDS,
  ...LAMBDA_KINDS,
  ...EVENT_SOURCE_KINDS,
  ...HTTP_API_KINDS,
  ...STORAGE_KINDS,
  ...INERT_KINDS,
];

/** Every resource type that a template may hold, by its name. */
export const KNOWN_KINDS: ReadonlyMap<string, ResourceKind> = new Map(ALL.map((kind) => [kind.type, kind]));
