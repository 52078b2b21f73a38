/** AWS refused a request for good: a bug or a wrong configuration. Carries the error's name, never its content. */
export class AwsRequestError extends Error {
  override readonly name = 'AwsRequestError';
  readonly retryable = false;

  constructor(target: string, error: string) {
    super(`${target} was refused: ${error}`);
  }
}
