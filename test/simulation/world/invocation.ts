import { AsyncLocalStorage } from 'node:async_hooks';

/** One call of a function in its sandbox. */
export interface Invocation {
  /** `awsRequestId`. */
  readonly id: string;
  readonly functionName: string;
  readonly sandbox: Sandbox;
  /** Epoch milliseconds of its hard end. */
  readonly deadline: number;
  state: 'running' | 'ended' | 'killed';
  /** Port calls begun. */
  calls: number;
  /** No answer is seen before this: the whole sandbox stands still. */
  frozenUntil: number;
}

/** An execution environment: ports, caches and the handler built from them; lives until something kills it. */
export interface Sandbox {
  readonly id: string;
  /** What its clock is wrong by, milliseconds. */
  readonly clockSkew: number;
  handler: Handler;
  /** Answers that came after the invocation had ended: seen when the sandbox is thawed. */
  readonly unseen: (() => void)[];
}

export type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/** Which invocation the running code belongs to, across every await. */
export const running = new AsyncLocalStorage<Invocation>();

export const currentInvocation = (): Invocation => {
  const invocation = running.getStore();
  if (invocation === undefined) throw new Error('a port was called outside of every invocation');
  return invocation;
};
