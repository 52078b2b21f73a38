import type { FunctionErrorReport } from './worker-messages.ts';

/** A Lambda function as its template declares it, ready to run. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** The directory of the bundle. */
  readonly codeDirectory: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** Invocations beyond it are throttled. @default none */
  readonly reservedConcurrency: number | undefined;
  /** Where an asynchronous event goes whose retries are used up. */
  readonly deadLetterArn: string | undefined;
}

export type InvocationResult =
  /** `payload` is JSON text. */
  | { readonly kind: 'ok'; readonly payload: string }
  | { readonly kind: 'function-error'; readonly error: FunctionErrorReport }
  /** Reserved concurrency is used up, or the platform is stopping: the handler never ran. */
  | { readonly kind: 'throttled' };

export type FunctionLogger = (stream: 'stdout' | 'stderr', line: string) => void;
