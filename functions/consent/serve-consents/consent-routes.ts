import {
  type ContactView,
  EraseContactRequest,
  LinkContactRequest,
  LookupContactRequest,
  RecordConsentRequest,
  RecordConsentsRequest,
  type RecordedConsents,
} from '../../shared/contract/api/consents.ts';
import { APPLICATION_ROUTES } from '../../shared/contract/routes.ts';
import { contactIdOf } from '../../shared/runtime/contact-id.ts';
import type { RouteFunction } from '../../shared/runtime/http/http-handler.ts';
import type { HttpRequest } from '../../shared/runtime/http/http-request.ts';
import { type HttpResponse, json } from '../../shared/runtime/http/http-response.ts';
import { problem } from '../../shared/runtime/http/problem.ts';
import { readJsonBody } from '../../shared/runtime/http/read-json-body.ts';
import { normalizeAddress } from '../domain/normalize-address.ts';
import { eraseContact } from '../erase-contact.ts';
import { linkContacts } from '../link-contacts.ts';
import { readContact } from '../read-contact.ts';
import { type Reporter, type ReportPorts, reportConsent } from './report-consent.ts';
import { consentView, contactIdIn, isKnown, notFound, readChange, routeKey } from './route-parts.ts';

/** Routes of what people agreed to; `accountSid` owns what comes by the API. */
export const consentRoutes = (
  accountSid: string,
  ports: ReportPorts,
): Readonly<Record<string, RouteFunction>> => ({
  [routeKey(APPLICATION_ROUTES.recordConsent)]: (request) => record(request, accountSid, ports),
  [routeKey(APPLICATION_ROUTES.recordConsents)]: (request) => recordAll(request, accountSid, ports),
  [routeKey(APPLICATION_ROUTES.lookupContact)]: (request) => lookUp(request, ports),
  [routeKey(APPLICATION_ROUTES.readConsent)]: (request) => view(request, ports),
  [routeKey(APPLICATION_ROUTES.linkContacts)]: (request) => link(request, accountSid, ports),
  [routeKey(APPLICATION_ROUTES.eraseContact)]: (request) => erase(request, accountSid, ports),
});

async function record(request: HttpRequest, accountSid: string, ports: ReportPorts): Promise<HttpResponse> {
  const change = readChange(request, RecordConsentRequest);
  if (change.kind === 'refused') return change.response;
  const { clientId, idempotencyKey } = change;
  const reporter = { clientId, idempotencyKey, accountSid, source: 'api' } as const;
  const outcome = await reportConsent(change.body, reporter, ports);
  switch (outcome.kind) {
    case 'recorded':
      return json(200, outcome.recorded);
    case 'key-reused':
      return problem(request, {
        status: 409,
        slug: 'idempotency-key-reused',
        title: 'This Idempotency-Key was used for another request',
        detail: 'The first request stands unchanged.',
      });
    case 'refused':
      return problem(request, {
        status: 422,
        slug: 'consent-refused',
        title: 'The record cannot be taken',
        errors: outcome.problems,
      });
    default:
      return outcome satisfies never;
  }
}

/** Records written side by side. */
const PARALLEL = 10;

async function recordAll(
  request: HttpRequest,
  accountSid: string,
  ports: ReportPorts,
): Promise<HttpResponse> {
  const change = readChange(request, RecordConsentsRequest);
  if (change.kind === 'refused') return change.response;
  const results: RecordedConsents['results'] = [];
  const { records } = change.body;
  for (let at = 0; at < records.length; at += PARALLEL) {
    const written = records.slice(at, at + PARALLEL).map(({ key, record: row }) => {
      const reporter = {
        clientId: change.clientId,
        idempotencyKey: key,
        accountSid,
        source: 'import',
      } as const;
      return recordOne(key, row, reporter, ports);
    });
    results.push(...(await Promise.all(written)));
  }
  return json(200, { results } satisfies RecordedConsents);
}

async function recordOne(
  key: string,
  row: unknown,
  reporter: Reporter,
  ports: ReportPorts,
): Promise<RecordedConsents['results'][number]> {
  const parsed = RecordConsentRequest.safeParse(row);
  if (!parsed.success)
    return {
      key,
      problems: parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'record'}: ${message}`),
    };
  const outcome = await reportConsent(parsed.data, reporter, ports);
  switch (outcome.kind) {
    case 'recorded':
      return { key, result: outcome.recorded };
    case 'key-reused':
      return { key, problems: ['another record was taken under this key'] };
    case 'refused':
      return {
        key,
        problems: outcome.problems.map(({ pointer, detail }) => `${pointer.slice(1)}: ${detail}`),
      };
    default:
      return outcome satisfies never;
  }
}

async function lookUp(request: HttpRequest, ports: ReportPorts): Promise<HttpResponse> {
  const body = readJsonBody(request, LookupContactRequest);
  if (body.kind === 'refused') return body.response;
  const normalized = normalizeAddress(body.body.address);
  if (normalized.kind === 'refused')
    return problem(request, {
      status: 422,
      slug: 'address-refused',
      title: 'That is no address',
      errors: [{ pointer: '/address', detail: normalized.reason }],
    });
  return json(200, { id: contactIdOf(await ports.key(), normalized.address) } satisfies ContactView);
}

async function view(request: HttpRequest, ports: ReportPorts): Promise<HttpResponse> {
  const contactId = contactIdIn(request);
  if (contactId === undefined) return notFound(request);
  const contact = await readContact(ports.tables, contactId);
  return isKnown(contact) ? json(200, consentView(contact)) : notFound(request);
}

async function link(request: HttpRequest, accountSid: string, ports: ReportPorts): Promise<HttpResponse> {
  const change = readChange(request, LinkContactRequest);
  if (change.kind === 'refused') return change.response;
  const contactId = contactIdIn(request);
  const { contactId: other } = change.body;
  if (contactId === undefined || contactId === other) return notFound(request);
  await linkContacts({ contactId, other, accountSid, by: change.clientId }, ports);
  return json(200, consentView(await readContact(ports.tables, contactId)));
}

async function erase(request: HttpRequest, accountSid: string, ports: ReportPorts): Promise<HttpResponse> {
  const change = readChange(request, EraseContactRequest);
  if (change.kind === 'refused') return change.response;
  const contactId = contactIdIn(request);
  if (contactId === undefined) return notFound(request);
  await eraseContact({ contactId, accountSid, by: change.clientId, reason: change.body.reason }, ports);
  return json(200, consentView(await readContact(ports.tables, contactId)));
}
