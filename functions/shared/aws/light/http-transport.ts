import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';

export interface TransportRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For the whole exchange, connection included. */
  readonly timeoutMilliseconds: number;
}

export interface TransportResponse {
  readonly status: number;
  readonly body: string;
}

/** One POST. Rejects with TransportError if no complete answer came; the server may have acted all the same. */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;

export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly retryable = true;
}

const AGENT_OPTIONS = { keepAlive: true, maxSockets: 50 } as const;

/** HTTP/1.1 over sockets that stay open between invocations; fetch costs 40 ms more on a cold start. */
export const createHttpTransport = (): Transport => {
  const http = new HttpAgent(AGENT_OPTIONS);
  const https = new HttpsAgent(AGENT_OPTIONS);
  return ({ url, headers, body, timeoutMilliseconds }) =>
    new Promise((resolve, reject) => {
      const fail = (cause: unknown) => reject(new TransportError('No complete answer', { cause }));
      const isSecure = url.protocol === 'https:';
      const options = { method: 'POST', headers, agent: isSecure ? https : http };
      const outgoing = (isSecure ? requestHttps : requestHttp)(url, options, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', fail);
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      const timer = setTimeout(() => outgoing.destroy(new Error('timed out')), timeoutMilliseconds);
      outgoing.on('close', () => clearTimeout(timer));
      outgoing.on('error', fail);
      outgoing.end(body);
    });
};
