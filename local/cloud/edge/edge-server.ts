import type { IncomingMessage, ServerResponse } from 'node:http';
import { createContext, Script } from 'node:vm';
import * as z from 'zod';
import { type LoopbackServer, startLoopbackServer } from '../loopback-server.ts';

/** A distribution whose function answers its viewers. */
export interface EdgePlan {
  readonly name: string;
  readonly port: number;
  /** Source of the CloudFront function: declares `handler(event)`. */
  readonly code: string;
}

/** CloudFront stops a function after a millisecond or two of its processor; here a hung one is cut off. */
const TIMEOUT_MILLISECONDS = 1000;

const EdgeResponse = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.object({ value: z.string() })).default({}),
  body: z.string().default(''),
});

/** Runs the function in a context of its own: no module, no timer, no network, as CloudFront has it. */
export const startEdge = (
  { port, code }: EdgePlan,
  report: (error: unknown) => void,
): Promise<LoopbackServer> => {
  const script = new Script(`${code}\nhandler(event);`);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    request.resume();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(403).end();
      return;
    }
    const event = viewerRequest(request);
    const result: unknown = script.runInContext(createContext({ event }), { timeout: TIMEOUT_MILLISECONDS });
    const { statusCode, headers, body } = EdgeResponse.parse(structuredClone(result));
    const plain = Object.entries(headers).map(([name, { value }]) => [name, value] as const);
    response.writeHead(statusCode, Object.fromEntries(plain));
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  return startLoopbackServer(port, answer, report);
};

/** The event of a viewer request, as far as a function that only looks at the path needs it. */
const viewerRequest = ({ method, url = '/' }: IncomingMessage) => {
  const { pathname, searchParams } = new URL(url, 'http://edge.invalid');
  const querystring = Object.fromEntries([...searchParams].map(([name, value]) => [name, { value }]));
  return {
    version: '1.0',
    context: { eventType: 'viewer-request' },
    viewer: { ip: '127.0.0.1' },
    request: { method, uri: pathname, querystring, headers: {}, cookies: {} },
  };
};
