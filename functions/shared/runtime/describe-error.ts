import { scrub } from './scrub.ts';

/** What may be logged of an error; further properties (an item, a response body) are content and stay out. */
export interface DescribedError {
  readonly name: string;
  readonly message: string;
  /** Frames only: the head of a stack repeats the message. */
  readonly stack?: string;
  readonly cause?: DescribedError;
}

const DEEPEST_CAUSE = 4;

export const describeError = (error: unknown, depth = 0): DescribedError => {
  if (!(error instanceof Error))
    return { name: typeof error, message: 'something that is no Error was thrown' };
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return {
    name: error.name,
    message: messageOf(error),
    ...(frames.length === 0 ? {} : { stack: frames.map((frame) => scrub(frame.trim())).join('\n') }),
    ...(error.cause === undefined || depth >= DEEPEST_CAUSE
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
  };
};

// V8 quotes the unreadable text in the message of a failed JSON.parse.
const messageOf = (error: Error): string =>
  error.name === 'SyntaxError' ? 'the text does not follow its grammar' : scrub(error.message);
