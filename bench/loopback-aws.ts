import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { ACCOUNT_SID, AUTH_TOKEN } from './webhooks.ts';

/** Milliseconds that an operation takes, by the part of `X-Amz-Target` after the dot. */
export type Latency = (operation: string) => number;

export interface LoopbackAws extends AsyncDisposable {
  readonly url: string;
  /** Calls by operation since the last reset. */
  readonly calls: Map<string, number>;
}

/** AWS on the loopback interface: it answers every call as AWS answers a successful one, after a latency. */
export const startLoopbackAws = async (latency: Latency = () => 0): Promise<LoopbackAws> => {
  const calls = new Map<string, number>();
  const server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    for await (const _chunk of request);
    const milliseconds = latency(operation);
    if (milliseconds > 0) await wait(milliseconds);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(ANSWERS[operation] ?? {}));
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const ANSWERS: Readonly<Record<string, unknown>> = {
  GetSecretValue: { SecretString: JSON.stringify({ accountSid: ACCOUNT_SID, authTokens: [AUTH_TOKEN] }) },
  PutEvents: { FailedEntryCount: 0, Entries: [{ EventId: '11111111-2222-3333-4444-555555555555' }] },
};
