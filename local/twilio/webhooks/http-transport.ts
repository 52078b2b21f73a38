import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type {
  TransportFailure,
  TransportOutcome,
  TransportRequest,
  WebhookTransport,
} from './webhook-transport.ts';

type Settle = (outcome: TransportOutcome) => void;

/** Sends over node:http(s), a new connection each time, certificates verified as Twilio verifies them. */
export const sendOverHttp: WebhookTransport = (request) =>
  new Promise((resolve) => {
    const exchange = new Exchange(request, resolve);
    exchange.start();
  });

class Exchange {
  private readonly request: TransportRequest;
  private readonly resolve: Settle;
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private client: ClientRequest | undefined;
  private connected = false;
  private answered = false;
  private settled = false;

  constructor(request: TransportRequest, resolve: Settle) {
    this.request = request;
    this.resolve = resolve;
  }

  start(): void {
    if (this.request.signal?.aborted) {
      this.abort();
      return;
    }
    const url = new URL(this.request.url);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    this.client = send(url, {
      method: this.request.method,
      agent: false,
      headers: {
        ...this.request.headers,
        ...(this.request.body === undefined
          ? {}
          : { 'Content-Length': Buffer.byteLength(this.request.body) }),
      },
    });
    this.arm('total', this.request.totalTimeoutMs, 'total-timeout');
    this.arm('connect', this.request.connectTimeoutMs, 'connect-timeout');
    this.client.on('socket', (socket) =>
      socket.on(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => this.connect()),
    );
    this.client.on('response', (response) => this.receive(response));
    this.client.on('error', (error: NodeJS.ErrnoException) => this.fail(this.classify(error), error.message));
    this.request.signal?.addEventListener('abort', this.abort);
    this.client.end(this.request.body);
  }

  private readonly abort = () => this.fail('reset', 'the simulator stops');

  private connect(): void {
    this.connected = true;
    this.disarm('connect');
    this.arm('read', this.request.readTimeoutMs, 'read-timeout');
  }

  private receive(response: IncomingMessage): void {
    this.answered = true;
    const chunks: Buffer[] = [];
    this.arm('read', this.request.readTimeoutMs, 'partial');
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      this.arm('read', this.request.readTimeoutMs, 'partial');
    });
    response.on('error', (error) => this.fail('partial', error.message));
    response.on('end', () => {
      if (!response.complete) return this.fail('partial', 'the answer broke off');
      return this.settle({
        kind: 'answered',
        statusCode: response.statusCode ?? 0,
        headers: singleHeaders(response),
        body: Buffer.concat(chunks).toString('utf8'),
      });
    });
  }

  private classify(error: NodeJS.ErrnoException): TransportFailure {
    const code = error.code ?? '';
    if (this.answered) return 'partial';
    if (code.startsWith('HPE_')) return 'protocol';
    if (this.connected) return 'reset';
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns';
    if (/CERT|SSL|TLS|EPROTO|SELF_SIGNED|UNABLE_TO/.test(code)) return 'tls';
    return 'connect';
  }

  private arm(name: string, ms: number, failure: TransportFailure): void {
    this.disarm(name);
    this.timers.set(
      name,
      setTimeout(() => this.fail(failure, `no progress for ${ms} ms`), ms),
    );
  }

  private disarm(name: string): void {
    clearTimeout(this.timers.get(name));
  }

  private fail(failure: TransportFailure, detail: string): void {
    this.settle({ kind: 'failed', failure, detail });
    this.client?.destroy();
  }

  private settle(outcome: TransportOutcome): void {
    if (this.settled) return;
    this.settled = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.request.signal?.removeEventListener('abort', this.abort);
    this.resolve(outcome);
  }
}

function singleHeaders(response: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
