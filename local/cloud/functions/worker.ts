import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { FunctionErrorReport, InvokeMessage, WorkerMessage, WorkerSettings } from './worker-messages.ts';

type Handler = (event: unknown, context: unknown) => unknown;

const settings = workerData as WorkerSettings; // given by function-worker.ts, the only one who starts this thread
const report = (message: WorkerMessage): void => parentPort?.postMessage(message);

await start();

async function start(): Promise<void> {
  try {
    const handler = await loadHandler();
    parentPort?.on('message', (message: InvokeMessage) => void invoke(handler, message));
    report({ kind: 'ready' });
  } catch (error) {
    report({ kind: 'start-failed', error: errorReport(error) });
  }
}

async function invoke(handler: Handler, message: InvokeMessage): Promise<void> {
  const { requestId } = message;
  try {
    const result: unknown = await handler(JSON.parse(message.payload), lambdaContext(message));
    report({ kind: 'returned', requestId, payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    report({ kind: 'threw', requestId, error: errorReport(error) });
  }
}

function lambdaContext({
  deadline,
  functionName,
  functionArn,
  memoryMegabytes,
  requestId,
}: InvokeMessage): unknown {
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(memoryMegabytes),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

async function loadHandler(): Promise<Handler> {
  const dot = settings.handler.lastIndexOf('.');
  const [file, name] = [settings.handler.slice(0, dot), settings.handler.slice(dot + 1)];
  const path = ['.js', '.mjs', '.cjs']
    .map((extension) => join(settings.codeDirectory, `${file}${extension}`))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`Cannot find module '${file}' in ${settings.codeDirectory}`);
  const loaded: Record<string, unknown> = await import(pathToFileURL(path).href);
  const fallback = loaded.default as Record<string, unknown> | undefined; // CommonJS whose names Node did not detect
  const handler = loaded[name] ?? fallback?.[name];
  if (typeof handler !== 'function') throw new Error(`${settings.handler} is undefined or not exported`);
  return handler as Handler; // any function is a handler; what it does with its arguments is its own affair
}

function errorReport(error: unknown): FunctionErrorReport {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: (error.stack ?? '').split('\n'),
  };
}
