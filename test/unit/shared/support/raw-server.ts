import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { SELF_SIGNED } from './self-signed-certificate.ts';

/** What the server does with one connection; called with everything received, each time more arrives. */
export type Script = (socket: Socket, received: string) => void;

export interface RawServer extends AsyncDisposable {
  readonly port: number;
  readonly origin: string;
  /** Text received, by connection. */
  readonly received: readonly string[];
}

/** A TCP server that speaks HTTP as badly as a script wants. */
export const startRawServer = (script: Script): Promise<RawServer> => listen(createServer(), script, 'http');

/** The same behind TLS, with a certificate that nobody trusts. */
export const startUntrustedTlsServer = (script: Script): Promise<RawServer> =>
  listen(createTlsServer(SELF_SIGNED), script, 'https');

const listen = async (server: Server, script: Script, scheme: string): Promise<RawServer> => {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  server.on(scheme === 'https' ? 'secureConnection' : 'connection', (socket: Socket) => {
    const connection = received.push('') - 1;
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      received[connection] += chunk.toString('utf8');
      script(socket, received[connection] ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    origin: `${scheme}://127.0.0.1:${port}`,
    received,
    [Symbol.asyncDispose]: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

/** Answers once a whole request has come, then closes. */
export const answering =
  (answer: string): Script =>
  (socket, received) => {
    if (isWhole(received)) socket.end(answer);
  };

/** An answer as HTTP/1.1 text. */
export const httpAnswer = (
  status: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): string =>
  [
    `HTTP/1.1 ${status}`,
    ...Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
    '',
    body,
  ].join('\r\n');

export const isWhole = (received: string): boolean => {
  const [head = '', body] = received.split('\r\n\r\n');
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  return body !== undefined && Buffer.byteLength(body) >= length;
};
