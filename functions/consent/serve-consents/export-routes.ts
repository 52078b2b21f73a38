import { CreateExportRequest, type ExportPage, type ExportView } from '../../shared/contract/api/consents.ts';
import { APPLICATION_ROUTES } from '../../shared/contract/routes.ts';
import { sha256Hex } from '../../shared/runtime/digest.ts';
import type { RouteFunction } from '../../shared/runtime/http/http-handler.ts';
import type { HttpRequest } from '../../shared/runtime/http/http-request.ts';
import { type HttpResponse, json } from '../../shared/runtime/http/http-response.ts';
import { problem } from '../../shared/runtime/http/problem.ts';
import { createExport, type LedgerExport, readExport, readExportLines } from '../export-ledger.ts';
import type { ReportPorts } from './report-consent.ts';
import { notFound, readChange, routeKey } from './route-parts.ts';

/** Routes of audit exports: an export is where the chains ended, its lines are read page by page. */
export const exportRoutes = (ports: ReportPorts): Readonly<Record<string, RouteFunction>> => ({
  [routeKey(APPLICATION_ROUTES.createExport)]: (request) => create(request, ports),
  [routeKey(APPLICATION_ROUTES.readExport)]: (request) => read(request, ports),
  [routeKey(APPLICATION_ROUTES.readExportLines)]: (request) => readLines(request, ports),
});

async function create(request: HttpRequest, ports: ReportPorts): Promise<HttpResponse> {
  const change = readChange(request, CreateExportRequest);
  if (change.kind === 'refused') return change.response;
  const id = `exp_${sha256Hex(JSON.stringify([change.clientId, change.idempotencyKey])).slice(0, 32)}`;
  return json(200, exportView(await createExport(id, ports.clock(), change.clientId, ports.tables)));
}

async function read(request: HttpRequest, ports: ReportPorts): Promise<HttpResponse> {
  const found = await exportOf(request, ports);
  return found === undefined ? notFound(request) : json(200, exportView(found));
}

const exportOf = async (
  { pathParameters }: HttpRequest,
  ports: ReportPorts,
): Promise<LedgerExport | undefined> =>
  /^exp_[0-9a-f]{32}$/.test(pathParameters.id ?? '')
    ? readExport(pathParameters.id ?? '', ports.tables)
    : undefined;

const CURSOR = /^(\d{1,2})\.(\d{1,12})$/;

async function readLines(request: HttpRequest, ports: ReportPorts): Promise<HttpResponse> {
  const found = await exportOf(request, ports);
  if (found === undefined) return notFound(request);
  const [, shard, sequence] = CURSOR.exec(request.query.get('after') ?? '0.0') ?? [];
  if (shard === undefined || sequence === undefined)
    return problem(request, {
      status: 400,
      slug: 'invalid-request',
      title: 'The request is not as described',
      errors: [{ pointer: '/after', detail: 'is no `next` of a page' }],
    });
  const cursor = { shard: Number(shard), sequence: Number(sequence) };
  const { lines, next } = await readExportLines(found, cursor, ports.tables);
  const after = next === undefined ? {} : { next: `${next.shard}.${next.sequence}` };
  return json(200, { lines: [...lines], ...after } satisfies ExportPage);
}

const exportView = ({ id, createdAt, shards }: LedgerExport): ExportView => ({
  id,
  kind: 'consent',
  createdAt: new Date(createdAt).toISOString(),
  records: shards.reduce((sum, { sequence }) => sum + sequence, 0),
  shards: [...shards],
});
