import * as z from 'zod';
import type { InvocationResult } from '../functions/function-definition.ts';

/** What a function said about a batch of records. */
export type BatchVerdict =
  | { readonly kind: 'all-succeeded' }
  | { readonly kind: 'some-failed'; readonly identifiers: ReadonlySet<string> }
  | { readonly kind: 'all-failed'; readonly reason: string };

const responseSchema = z
  .looseObject({
    batchItemFailures: z
      .array(z.looseObject({ itemIdentifier: z.string().min(1) }))
      .nullish()
      .transform((failures) => failures ?? []),
  })
  .or(z.null().transform(() => ({ batchItemFailures: [] })));

/**
 * Reads a batch answer as Lambda does: without `ReportBatchItemFailures` only an error counts; with it, an unknown or
 * empty identifier or a malformed answer fails the whole batch, and an empty or absent list is success.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function batchVerdict(
  result: InvocationResult,
  reportsItems: boolean,
  identifiers: ReadonlySet<string>,
): BatchVerdict {
  if (result.kind === 'throttled') return { kind: 'all-failed', reason: 'throttled' };
  if (result.kind === 'function-error') return { kind: 'all-failed', reason: result.error.errorMessage };
  if (!reportsItems) return { kind: 'all-succeeded' };
  const parsed = responseSchema.safeParse(JSON.parse(result.payload));
  if (!parsed.success) return { kind: 'all-failed', reason: 'the batch response is malformed' };
  const failed = new Set(parsed.data.batchItemFailures.map((failure) => failure.itemIdentifier));
  if (failed.size === 0) return { kind: 'all-succeeded' };
  const unknown = [...failed].find((identifier) => !identifiers.has(identifier));
  if (unknown !== undefined)
    return { kind: 'all-failed', reason: `the item identifier ${unknown} is not of this batch` };
  return { kind: 'some-failed', identifiers: failed };
}
