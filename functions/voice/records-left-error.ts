/** Some records could not be looked after; the function's error alarm tells of it, the next run tries them again. */
export class RecordsLeftError extends Error {
  override readonly name = 'RecordsLeftError';
  readonly retryable = true;

  constructor(kind: string, failed: number) {
    super(`${failed} due ${kind} could not be looked after`);
  }
}
