import { randomUUID } from 'node:crypto';
import { AcceptedBatch, BatchView } from '../../functions/shared/contract/api/batches.ts';
import {
  AcceptedMessage,
  MessageDecision,
  MessageView,
} from '../../functions/shared/contract/api/messages.ts';
import { ParkedView, PausesView } from '../../functions/shared/contract/api/operations.ts';
import { ProblemDocument } from '../../functions/shared/contract/api/service.ts';
import { TimelineView } from '../../functions/shared/contract/api/timeline.ts';
import { readLocalFile } from '../platform/local-file.ts';
import { CommandError } from './command-error.ts';

/** The application API as the command line calls it. */
export interface ApplicationClient {
  send(message: Readonly<Record<string, unknown>>, idempotencyKey?: string): Promise<AcceptedMessage>;
  /** What would become of it; nothing is written. */
  explain(message: Readonly<Record<string, unknown>>): Promise<MessageDecision>;
  createBatch(batch: Readonly<Record<string, unknown>>, idempotencyKey: string): Promise<AcceptedBatch>;
  batch(id: string, after?: string): Promise<BatchView>;
  /** Undefined while nothing is known under the id. */
  timeline(id: string, after?: string): Promise<TimelineView | undefined>;
  pauses(): Promise<PausesView>;
  changePause(change: Readonly<Record<string, unknown>>): Promise<PausesView>;
  parked(after?: string): Promise<ParkedView>;
  decide(id: string, decision: Readonly<Record<string, unknown>>): Promise<MessageView>;
}

/** For the deployment named by TRUNKLINE_APPLICATION_URL and TRUNKLINE_TOKEN, else for the local platform. */
export function createApplicationClient(environment = process.env): ApplicationClient {
  const local = readLocalFile();
  const url = environment.TRUNKLINE_APPLICATION_URL ?? local?.applicationUrl;
  const token = environment.TRUNKLINE_TOKEN ?? local?.applicationToken;
  if (url === undefined || token === undefined) {
    throw new CommandError(
      'no platform to talk to: run `npm start` first, or set TRUNKLINE_APPLICATION_URL and TRUNKLINE_TOKEN',
    );
  }
  const headers = { authorization: `Bearer ${token}` };
  const read = (path: string): Promise<Response> => call(`${url}${path}`, { headers });
  const change = (method: string, path: string, body: unknown, key: string = randomUUID()) =>
    call(`${url}${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
  return {
    send: async (message, idempotencyKey) =>
      AcceptedMessage.parse(await okJson(await change('POST', '/v1/messages', message, idempotencyKey))),
    explain: async (message) =>
      MessageDecision.parse(await okJson(await change('POST', '/v1/messages?dryRun=true', message))),
    createBatch: async (batch, idempotencyKey) =>
      AcceptedBatch.parse(await okJson(await change('POST', '/v1/batches', batch, idempotencyKey))),
    batch: async (id, after) =>
      BatchView.parse(await okJson(await read(`/v1/batches/${encodeURIComponent(id)}${pageAfter(after)}`))),
    timeline: async (id, after) => {
      const response = await read(`/v1/timeline/${encodeURIComponent(id)}${pageAfter(after)}`);
      return response.status === 404 ? undefined : TimelineView.parse(await okJson(response));
    },
    pauses: async () => PausesView.parse(await okJson(await read('/v1/pauses'))),
    changePause: async (wanted) => PausesView.parse(await okJson(await change('PUT', '/v1/pauses', wanted))),
    parked: async (after) => ParkedView.parse(await okJson(await read(`/v1/parked${pageAfter(after)}`))),
    decide: async (id, decision) => {
      const path = `/v1/parked/${encodeURIComponent(id)}/decision`;
      return MessageView.parse(await okJson(await change('POST', path, decision)));
    },
  };
}

const pageAfter = (cursor: string | undefined): string =>
  cursor === undefined ? '' : `?after=${encodeURIComponent(cursor)}`;

async function call(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    throw new CommandError(`${new URL(url).origin} does not answer: is the platform running?`, {
      cause: error,
    });
  }
}

async function okJson(response: Response): Promise<unknown> {
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body;
  const problem = ProblemDocument.safeParse(body);
  if (!problem.success) throw new CommandError(`the application API answered ${response.status}`);
  const { title, detail, errors = [] } = problem.data;
  const lines = errors.map((error) => `  ${error.pointer}: ${error.detail}`);
  throw new CommandError([`${title} (${response.status})`, ...(detail ? [detail] : []), ...lines].join('\n'));
}

/** Every page of a story. */
export async function wholeTimeline(
  client: ApplicationClient,
  id: string,
): Promise<TimelineView | undefined> {
  const first = await client.timeline(id);
  if (first === undefined) return undefined;
  const entries = [...first.entries];
  let next = first.next;
  while (next !== undefined) {
    const page = await client.timeline(id, next);
    entries.push(...(page?.entries ?? []));
    next = page?.next;
  }
  return { ...first, entries };
}

export const isFinal = (timeline: TimelineView): boolean => FINAL.has(timeline.state);

const FINAL = new Set([
  'delivered',
  'read',
  'undelivered',
  'failed',
  'canceled',
  'REJECTED',
  'SUPPRESSED',
  'EXPIRED',
  'PARKED',
]);

/** Waits for a story to end, up to `seconds`. */
export async function followTimeline(
  client: ApplicationClient,
  id: string,
  seconds: number,
): Promise<TimelineView | undefined> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const timeline = await wholeTimeline(client, id);
    if ((timeline !== undefined && isFinal(timeline)) || Date.now() > until) return timeline;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
