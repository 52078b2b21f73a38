import { type ChildProcess, spawn } from 'node:child_process';
import { EngineError } from '../errors.ts';

/**
 * The shell between us and the engine waits for the end of its standard input. That pipe closes when we stop the
 * engine and also when this process dies in any way, SIGKILL included: no engine is ever orphaned.
 */
const GUARD = [
  'exec 3<&0',
  '"$@" 0</dev/null 3<&- & child=$!',
  'end() { n=30; kill -TERM $child; while kill -0 $child; do n=$((n-1)); [ $n -gt 0 ] || kill -KILL $child; sleep 0.1; done; }',
  '{ cat <&3; end; } >/dev/null 2>&1 & watch=$!',
  'wait $child; code=$?',
  'kill $watch 2>/dev/null',
  'exit $code',
].join('\n');

export interface GuardedProcess {
  /** Settles when the process has ended, with what it wrote last. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** Starts an engine that cannot outlive this process. Needs a POSIX shell. */
export function startGuardedProcess(command: string, args: readonly string[], cwd?: string): GuardedProcess {
  const child = spawn('sh', ['-c', GUARD, 'guard', command, ...args], {
    // Its own process group, so that Ctrl-C reaches us first and functions end before their database does.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  const ended = lastWords(child);
  return {
    ended,
    stop: async () => {
      child.stdin?.destroy();
      await ended;
    },
  };
}

function lastWords(child: ChildProcess): Promise<string> {
  let tail = '';
  const keep = (chunk: Buffer): void => {
    tail = `${tail}${chunk.toString('utf8')}`.slice(-2000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.stdin?.on('error', () => child.stdin?.destroy());
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', () => {
      child.stdin?.destroy();
      resolve(tail);
    });
  });
}

/** Polls until the engine answers. @throws EngineError when it ends first or stays silent too long */
export async function waitUntilReady(
  name: string,
  engine: GuardedProcess,
  isReady: () => Promise<boolean>,
  timeoutMilliseconds = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMilliseconds;
  let death: string | undefined;
  void engine.ended.then((words) => {
    death = words;
  });
  while (!(await isReady().catch(() => false))) {
    if (death !== undefined) throw new EngineError(`${name} ended at its start: ${death.trim()}`);
    if (Date.now() > deadline) throw new EngineError(`${name} did not answer in ${timeoutMilliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
