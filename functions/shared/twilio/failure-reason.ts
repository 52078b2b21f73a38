/** A code where there is one, else the error's name: messages may quote what was sent. */
export const reasonOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return 'unknown failure';
  // fetch hides the socket's failure in the cause of its own.
  const code = codeOf(error) ?? ('cause' in error ? codeOf(error.cause) : undefined);
  if (code !== undefined) return code;
  return 'name' in error && typeof error.name === 'string' ? error.name : 'unknown failure';
};

const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
