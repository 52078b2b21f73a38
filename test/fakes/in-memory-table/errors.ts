/** What DynamoDB answers to a request that can never be carried out: a bug of the caller. */
export class ValidationException extends Error {
  override readonly name = 'ValidationException';
}

export class ResourceNotFoundException extends Error {
  override readonly name = 'ResourceNotFoundException';
}

export const refuse = (message: string): never => {
  throw new ValidationException(message);
};
