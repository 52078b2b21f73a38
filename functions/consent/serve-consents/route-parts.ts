import type * as z from 'zod';
import type { ConsentView } from '../../shared/contract/api/consents.ts';
import type { ApplicationRoute } from '../../shared/contract/routes.ts';
import type { HttpRequest } from '../../shared/runtime/http/http-request.ts';
import type { HttpResponse } from '../../shared/runtime/http/http-response.ts';
import { readIdempotencyKey } from '../../shared/runtime/http/idempotency-key.ts';
import { problem } from '../../shared/runtime/http/problem.ts';
import { readJsonBody } from '../../shared/runtime/http/read-json-body.ts';
import type { Contact } from '../contact-items.ts';

export const routeKey = ({ method, path }: ApplicationRoute): string => `${method} ${path}`;

export type Change<Body> =
  | { readonly kind: 'read'; readonly clientId: string; readonly idempotencyKey: string; readonly body: Body }
  | { readonly kind: 'refused'; readonly response: HttpResponse };

/** Caller, key, body: what every change needs, in this order. */
export function readChange<Body>(request: HttpRequest, schema: z.ZodType<Body>): Change<Body> {
  if (request.caller === undefined) return { kind: 'refused', response: unauthorized(request) };
  const key = readIdempotencyKey(request);
  if (key.kind === 'refused') return key;
  const body = readJsonBody(request, schema);
  if (body.kind === 'refused') return body;
  return { kind: 'read', clientId: request.caller.clientId, idempotencyKey: key.key, body: body.body };
}

export const unauthorized = (request: HttpRequest): HttpResponse =>
  problem(request, { status: 401, slug: 'unauthorized', title: 'The token names no client' });

export const notFound = (request: HttpRequest): HttpResponse =>
  problem(request, { status: 404, slug: 'not-found', title: 'Nothing is known under this id' });

const CONTACT_ID = /^con_[0-9a-f]{32}$/;

/** The contact that the path names; undefined for what can be none. */
export const contactIdIn = ({ pathParameters }: HttpRequest): string | undefined =>
  CONTACT_ID.test(pathParameters.id ?? '') ? pathParameters.id : undefined;

export const isKnown = ({ guards, standings, linked, address }: Contact): boolean =>
  guards.length + standings.length + linked.length > 0 || address !== undefined;

export const consentView = (contact: Contact): ConsentView => ({
  contactId: contact.contactId,
  standings: contact.standings.map(({ since, ...standing }) => ({
    ...standing,
    since: new Date(since).toISOString(),
  })),
  linked: [...contact.linked],
  ...(contact.reviewSince === undefined
    ? {}
    : { inReviewSince: new Date(contact.reviewSince).toISOString() }),
  erased: contact.address === undefined,
});
