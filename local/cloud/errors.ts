/** The template asks for something that this runner cannot do faithfully; every problem found is listed. */
export class TemplateRefusedError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The local platform refuses the template:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.name = 'TemplateRefusedError';
    this.problems = problems;
  }
}

/** An embedded engine is missing, did not start, or answered what it never should. */
export class EngineError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EngineError';
  }
}

export const errorText = (error: unknown): string => asError(error)?.message ?? String(error);

/** An error of any realm, by its shape: what a dying worker reports is no `Error` of this one. */
export function asError(error: unknown): Pick<Error, 'name' | 'message' | 'stack'> | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { name, message, stack } = error as Partial<Error>; // checked in the next line
  if (typeof name !== 'string' || typeof message !== 'string') return undefined;
  return typeof stack === 'string' ? { name, message, stack } : { name, message };
}
