import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalFile } from '../../../bin/platform/local-file.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A platform as a person starts it: the command, in a process and a state directory of its own. */
export class RunningPlatform {
  readonly stateDirectory = mkdtempSync(join(tmpdir(), 'trunkline-platform-'));
  output = '';
  #process: ChildProcess | undefined;

  /** Starts it and waits until it says that it is ready. @returns seconds until then */
  async start(): Promise<number> {
    const startedAt = performance.now();
    const child = spawn(process.execPath, ['bin/trunkline.ts', 'start', '--state', this.stateDirectory], {
      cwd: ROOT,
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    this.output = '';
    const collect = (chunk: Buffer): void => {
      this.output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    while (!this.output.includes('is ready after')) {
      if (child.exitCode !== null) throw new Error(`the platform ended: ${this.output}`);
      await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    }
    return (performance.now() - startedAt) / 1000;
  }

  get local(): LocalFile {
    return LocalFile.parse(JSON.parse(readFileSync(join(this.stateDirectory, 'local.json'), 'utf8')));
  }

  /** Stops it with a signal, as ctrl-c does. @returns its exit code */
  async stop(): Promise<number | null> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill('SIGINT');
    await exited;
    return child.exitCode;
  }

  /** Runs another command against it, in the directory where its state is. */
  async command(
    ...args: readonly string[]
  ): Promise<{ readonly code: number | null; readonly output: string }> {
    const child = spawn(process.execPath, [join(ROOT, 'bin/trunkline.ts'), ...args], {
      cwd: ROOT,
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', TRUNKLINE_STATE: this.stateDirectory },
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    await once(child, 'exit');
    return { code: child.exitCode, output };
  }

  remove(): void {
    rmSync(this.stateDirectory, { recursive: true, force: true });
  }
}
