import { describe, expect, test } from '@jest/globals';
import type { InvocationResult } from '../../../local/cloud/functions/function-definition.ts';
import { batchVerdict } from '../../../local/cloud/sources/batch-response.ts';

const ok = (payload: unknown): InvocationResult => ({ kind: 'ok', payload: JSON.stringify(payload) });
const known = new Set(['a', 'b']);

describe('the answer of a batch function', () => {
  test.each([[null], [{}], [{ batchItemFailures: [] }], [{ batchItemFailures: null }]])(
    '%j is success',
    (payload) => {
      expect(batchVerdict(ok(payload), true, known)).toEqual({ kind: 'all-succeeded' });
    },
  );

  test('named items fail alone', () => {
    const verdict = batchVerdict(ok({ batchItemFailures: [{ itemIdentifier: 'b' }] }), true, known);
    expect(verdict).toEqual({ kind: 'some-failed', identifiers: new Set(['b']) });
  });

  test.each([
    [{ batchItemFailures: [{ itemIdentifier: '' }] }],
    [{ batchItemFailures: [{ itemIdentifier: 'stranger' }] }],
    [{ batchItemFailures: [{}] }],
    [{ batchItemFailures: 'all' }],
    ['done'],
  ])('%j fails the whole batch', (payload) => {
    expect(batchVerdict(ok(payload), true, known).kind).toBe('all-failed');
  });

  test('without ReportBatchItemFailures only an error counts', () => {
    expect(batchVerdict(ok({ batchItemFailures: [{ itemIdentifier: 'a' }] }), false, known).kind).toBe(
      'all-succeeded',
    );
    const error = { errorType: 'Error', errorMessage: 'no', trace: [] };
    expect(batchVerdict({ kind: 'function-error', error }, false, known)).toEqual({
      kind: 'all-failed',
      reason: 'no',
    });
    expect(batchVerdict({ kind: 'throttled' }, false, known).kind).toBe('all-failed');
  });
});
