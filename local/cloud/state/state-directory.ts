import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the platform keeps. Ports are not state: they stay the same over a `--fresh`. */
const KEPT = [
  'dynamodb',
  'queues',
  'functions',
  'logs',
  'secrets.json',
  'parameters.json',
  'issuer-key.json',
  'stream-checkpoints.json',
];

export interface StateDirectory {
  readonly path: string;
  /** Lets the next platform have the directory. */
  release(): void;
}

/** Takes the directory for this process. @throws when a living process has it: two would corrupt it */
export function takeStateDirectory(path: string, fresh: boolean): StateDirectory {
  mkdirSync(path, { recursive: true });
  const lock = join(path, 'cloud.pid');
  const owner = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : undefined;
  if (owner !== undefined && isAlive(owner)) {
    throw new Error(`${path} is in use by process ${owner}; stop it, or choose another state directory`);
  }
  if (fresh) for (const name of KEPT) rmSync(join(path, name), { recursive: true, force: true });
  writeFileSync(lock, String(process.pid));
  return { path, release: () => rmSync(lock, { force: true }) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
