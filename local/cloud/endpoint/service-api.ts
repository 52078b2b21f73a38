/** An AWS API answered with an error, in its own words. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
    this.status = status;
  }
}

/** Operations of the AWS JSON protocols by their `X-Amz-Target`. */
export type ServiceApi = Readonly<Record<string, (input: unknown) => unknown>>;
