import { randomUUID } from 'node:crypto';
import { ExportPage, ExportView, RecordedConsents } from '../../functions/shared/contract/api/consents.ts';
import { ProblemDocument } from '../../functions/shared/contract/api/service.ts';
import { readLocalFile } from '../platform/local-file.ts';
import { CommandError } from './command-error.ts';

/** The consent part of the application API. */
export interface ConsentClient {
  recordAll(
    records: readonly { readonly key: string; readonly record: unknown }[],
  ): Promise<RecordedConsents>;
  createExport(): Promise<ExportView>;
  lines(exportId: string, after: string | undefined): Promise<ExportPage>;
}

const TRIES = 6;
const FIRST_PAUSE_MILLISECONDS = 250;

/** For the deployment named by TRUNKLINE_APPLICATION_URL and TRUNKLINE_TOKEN, else for the local platform. */
export function createConsentClient(environment = process.env): ConsentClient {
  const local = readLocalFile();
  const url = environment.TRUNKLINE_APPLICATION_URL ?? local?.applicationUrl;
  const token = environment.TRUNKLINE_TOKEN ?? local?.applicationToken;
  if (url === undefined || token === undefined)
    throw new CommandError(
      'no platform to talk to: run `npm start` first, or set TRUNKLINE_APPLICATION_URL and TRUNKLINE_TOKEN',
    );
  const headers = { authorization: `Bearer ${token}` };
  const post = (path: string, body: unknown) =>
    patiently(`${url}${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify(body),
    });
  return {
    recordAll: async (records) => RecordedConsents.parse(await post('/v1/consents/batches', { records })),
    createExport: async () => ExportView.parse(await post('/v1/exports', { kind: 'consent' })),
    lines: async (id, after) => {
      const page = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
      return ExportPage.parse(await patiently(`${url}/v1/exports/${id}/lines${page}`, { headers }));
    },
  };
}

/** Everything here may be asked again: records have keys of their own, pages never change. */
async function patiently(url: string, init: RequestInit): Promise<unknown> {
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(url, init).catch((error: unknown) => error);
    if (answer instanceof Response && answer.ok) return answer.json();
    const isPassing = !(answer instanceof Response) || answer.status === 429 || answer.status >= 500;
    if (!isPassing || tries === TRIES) throw await failureOf(answer, url);
    await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MILLISECONDS * 2 ** tries));
  }
}

async function failureOf(answer: unknown, url: string): Promise<CommandError> {
  if (!(answer instanceof Response))
    return new CommandError(`${new URL(url).origin} does not answer: is the platform running?`);
  const problem = ProblemDocument.safeParse(await answer.json().catch(() => undefined));
  return new CommandError(
    problem.success
      ? `${problem.data.title} (${answer.status})`
      : `the application API answered ${answer.status}`,
  );
}
