import * as z from 'zod';
import { ReviewDecisionRequest, type ReviewsView } from '../../shared/contract/api/consents.ts';
import type { TrunklineEvent } from '../../shared/contract/events.ts';
import { APPLICATION_ROUTES } from '../../shared/contract/routes.ts';
import type { RouteFunction } from '../../shared/runtime/http/http-handler.ts';
import type { HttpRequest } from '../../shared/runtime/http/http-request.ts';
import { type HttpResponse, json } from '../../shared/runtime/http/http-response.ts';
import { reviewKey } from '../contact-keys.ts';
import { EVERYTHING } from '../domain/scope.ts';
import { OPEN_REVIEWS } from '../open-review.ts';
import { readContact } from '../read-contact.ts';
import { recordConsent } from '../record-consent.ts';
import type { ReportPorts } from './report-consent.ts';
import { consentView, contactIdIn, notFound, readChange, routeKey } from './route-parts.ts';

const OpenReview = z.object({
  sk: z.string(),
  contactId: z.string(),
  since: z.number(),
  messageSid: z.string().exactOptional(),
});

/** Routes by which operators read and decide what may be a revocation. */
export const reviewRoutes = (
  accountSid: string,
  ports: ReportPorts,
): Readonly<Record<string, RouteFunction>> => ({
  [routeKey(APPLICATION_ROUTES.listReviews)]: () => list(ports),
  [routeKey(APPLICATION_ROUTES.decideReview)]: (request) => decide(request, accountSid, ports),
});

const openReviews = async ({ tables }: ReportPorts, limit: number) => {
  const page = await tables.query({
    table: 'consent',
    keyCondition: { expression: '#pk = :pk', names: { '#pk': 'pk' }, values: { ':pk': OPEN_REVIEWS } },
    consistent: true,
    limit,
  });
  return page.items.map((item) => OpenReview.parse(item));
};

const LISTED = 100;

async function list(ports: ReportPorts): Promise<HttpResponse> {
  const reviews = (await openReviews(ports, LISTED)).map(({ contactId, since, messageSid }) => ({
    contactId,
    since: new Date(since).toISOString(),
    ...(messageSid === undefined ? {} : { messageSid }),
  }));
  return json(200, { reviews } satisfies ReviewsView);
}

async function decide(request: HttpRequest, accountSid: string, ports: ReportPorts): Promise<HttpResponse> {
  const change = readChange(request, ReviewDecisionRequest);
  if (change.kind === 'refused') return change.response;
  const contactId = contactIdIn(request);
  const contact = contactId === undefined ? undefined : await readContact(ports.tables, contactId);
  if (contact?.reviewSince === undefined) return notFound(request);
  const { decision } = change.body;
  // The opt-out before the end of the hold: between the two, somebody who has had enough must not be written to.
  if (decision === 'opted-out')
    await optOut(contact.contactId, contact.reviewSince, change.clientId, accountSid, ports);
  await close(contact.contactId, contact.reviewSince, { decision, by: change.clientId, accountSid }, ports);
  return json(200, consentView(await readContact(ports.tables, contact.contactId)));
}

const optOut = (contactId: string, since: number, by: string, accountSid: string, ports: ReportPorts) =>
  recordConsent(
    {
      recordId: `review_${contactId.slice(4)}_${since}`,
      kind: 'opt-out',
      scope: EVERYTHING,
      source: 'review',
      occurredAt: since,
      contactId,
      accountSid,
      correlationId: contactId,
      by,
      owner: ports.random.token(),
    },
    ports,
  );

async function close(
  contactId: string,
  since: number,
  {
    accountSid,
    ...data
  }: { readonly decision: 'opted-out' | 'dismissed'; readonly by: string; readonly accountSid: string },
  ports: ReportPorts,
): Promise<void> {
  const now = ports.clock();
  const time = new Date(now).toISOString();
  const event: TrunklineEvent = {
    id: `consent/REVIEW#${contactId}#${since}/closed/0`,
    time,
    accountSid,
    correlationId: contactId,
    type: 'consent.review-closed.v1',
    data: { contactId, ...data },
  };
  await ports.tables.transact([
    { kind: 'delete', table: 'consent', key: reviewKey(contactId) },
    {
      kind: 'delete',
      table: 'consent',
      key: { pk: OPEN_REVIEWS, sk: `${new Date(since).toISOString()}#${contactId}` },
    },
    {
      kind: 'put',
      table: 'consent',
      item: {
        pk: `REVIEWED#${contactId}`,
        sk: time,
        ...data,
        outbox: [{ kind: 'event', event }],
        outboxAt: time,
      },
    },
  ]);
}
