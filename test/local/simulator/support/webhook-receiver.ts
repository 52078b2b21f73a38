import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedWebhook {
  readonly method: string;
  /** As requested, with origin. */
  readonly url: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly params: Record<string, string>;
}

export type Answer = (webhook: ReceivedWebhook, response: ServerResponse) => void | Promise<void>;

export interface WebhookReceiver {
  readonly url: string;
  readonly received: ReceivedWebhook[];
  /** Replaces the answer; the default is 200 with an empty TwiML response. */
  answerWith(answer: Answer): void;
  statuses(): (string | undefined)[];
  close(): Promise<void>;
}

export const twiml =
  (xml: string): Answer =>
  (_, response) =>
    void response.setHeader('Content-Type', 'text/xml').end(xml);

export const status =
  (code: number): Answer =>
  (_, response) => {
    response.statusCode = code;
    response.end();
  };

/** Somebody's application: a server that keeps every webhook it gets. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  let answer: Answer = twiml('<Response/>');
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const webhook = read(request, Buffer.concat(chunks).toString('utf8'));
    received.push(webhook);
    await answer(webhook, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: origin(server.address() as AddressInfo),
    received,
    answerWith: (next) => {
      answer = next;
    },
    statuses: () => received.map(({ params }) => params.MessageStatus),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };

  function read(request: IncomingMessage, body: string): ReceivedWebhook {
    const path = request.url ?? '/';
    const query = Object.fromEntries(new URL(path, 'http://localhost').searchParams);
    return {
      method: request.method ?? '',
      url: `${origin(server.address() as AddressInfo)}${path}`,
      path,
      headers: request.headers,
      body,
      params: request.method === 'GET' ? query : Object.fromEntries(new URLSearchParams(body)),
    };
  }
}

const origin = ({ port }: AddressInfo) => `http://127.0.0.1:${port}`;
