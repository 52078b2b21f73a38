import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { reasonOf } from './failure-reason.ts';
import { type Answer, requestIdOf } from './read-answer.ts';

export interface PostOnceRequest {
  readonly url: URL;
  readonly authorization: string;
  /** Form-encoded. */
  readonly body: string;
  /** From here to the last byte of the answer. */
  readonly timeoutMilliseconds: number;
  readonly lookup?: LookupFunction;
}

/** What is known of the answer when it broke off. */
export interface PartialAnswer {
  readonly httpStatus?: number;
  readonly twilioRequestId?: string;
}

export type PostResult =
  /** No byte of the request left: the connection was never ready. */
  | { readonly kind: 'not-sent'; readonly reason: string }
  /** It may have been processed. */
  | { readonly kind: 'no-answer'; readonly reason: string; readonly partial: PartialAnswer }
  | { readonly kind: 'answered'; readonly answer: Answer };

/** Twilio's answers have about 1 KB; what is larger is not one of them. */
const LARGEST_ANSWER_BYTES = 64 * 1024;

/** One POST on a connection of its own, which is closed after it. Never repeats, never follows, never rejects. */
export const postOnce = (post: PostOnceRequest): Promise<PostResult> =>
  new Promise((resolve) => {
    const exchange = new Exchange(resolve);
    const timer = setTimeout(() => exchange.fail('timeout'), post.timeoutMilliseconds);
    exchange.onSettled(() => clearTimeout(timer));
    try {
      exchange.start(post);
    } catch (error) {
      exchange.fail(reasonOf(error));
    }
  });

/** The phases of one exchange: connecting, sent, answering, settled. */
class Exchange {
  readonly #resolve: (result: PostResult) => void;
  #request: ClientRequest | undefined;
  #isConnected = false;
  #isSettled = false;
  #partial: PartialAnswer = {};
  #settled: () => void = () => undefined;

  constructor(resolve: (result: PostResult) => void) {
    this.#resolve = resolve;
  }

  onSettled(listener: () => void): void {
    this.#settled = listener;
  }

  start(post: PostOnceRequest): void {
    const request = openRequest(post);
    this.#request = request;
    // A TLS socket carries no byte of the request before its handshake is done.
    request.once('socket', (socket) => {
      socket.once(post.url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        this.#isConnected = true;
      });
    });
    request.on('error', (error) => this.fail(reasonOf(error)));
    request.once('close', () => {
      // An answer that ends with its connection is still being read here.
      if (this.#partial.httpStatus === undefined) this.fail('closed');
    });
    request.once('response', (response) => this.#read(response));
    request.end(post.body);
  }

  fail(reason: string): void {
    this.#settle(
      this.#isConnected
        ? { kind: 'no-answer', reason, partial: this.#partial }
        : { kind: 'not-sent', reason },
    );
  }

  #read(response: IncomingMessage): void {
    const { headers, ...status } = headOf(response);
    this.#partial = { ...status, ...requestIdOf(headers) };
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > LARGEST_ANSWER_BYTES) this.fail('answer too large');
      else chunks.push(chunk);
    });
    response.on('error', (error) => this.fail(`answer broke off: ${reasonOf(error)}`));
    response.once('close', () => this.fail('answer broke off'));
    response.once('end', () => {
      if (!response.complete) return this.fail('answer broke off');
      const body = Buffer.concat(chunks).toString('utf8');
      this.#settle({ kind: 'answered', answer: { ...status, headers, body } });
    });
  }

  #settle(result: PostResult): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#settled();
    this.#resolve(result);
    this.#request?.destroy();
  }
}

const openRequest = ({ url, authorization, body, lookup }: PostOnceRequest): ClientRequest => {
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return open(url, {
    method: 'POST',
    // No pool: a reused socket that its peer has closed cannot be told from one that broke after the request.
    agent: false,
    ...(lookup === undefined ? {} : { lookup }),
    headers: {
      accept: 'application/json',
      authorization,
      connection: 'close',
      'content-length': Buffer.byteLength(body),
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'user-agent': 'trunkline',
    },
  });
};

const headOf = (response: IncomingMessage): Omit<Answer, 'body'> => ({
  httpStatus: response.statusCode ?? 0,
  headers: new Map(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join() : (value ?? ''),
    ]),
  ),
});
