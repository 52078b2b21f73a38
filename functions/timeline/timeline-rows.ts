import * as z from 'zod';
import type { Expression, Item, Put } from '../shared/ports/table-client.ts';
import type { BusEvent } from '../shared/runtime/bus-event.ts';
import type { Description } from './domain/describe/description.ts';
import { describeEvent } from './domain/describe-event.ts';

/** Sorts after every instant: entries of a subject first, its links behind. */
const LINK = '~link#';
const CURSOR = /^\d{4}-\d{2}-\d{2}T[\x20-\x7d]{1,400}$/;

/** Whether a text can be the sort key of an entry. */
export const isCursor = (text: string): boolean => CURSOR.test(text);

/** An event's place in its story: by time, then by version of what changed, then by id. */
const sortKeyOf = ({ event }: BusEvent): string => {
  const version = 'version' in event.data ? event.data.version : 0;
  return `${event.time}#${String(version).padStart(6, '0')}#${event.id}`;
};

/** The rows of one event: its entry and the links that it makes. Writing them again changes nothing. */
export function rowsOf(
  published: BusEvent,
  handledAt: string,
  expiresAt: number,
): readonly Omit<Put, 'kind'>[] {
  const description = describeEvent(published.event);
  return [entryRow(published, description, handledAt, expiresAt), ...linkRows(description, expiresAt)];
}

function entryRow(
  published: BusEvent,
  description: Description,
  handledAt: string,
  expiresAt: number,
): Omit<Put, 'kind'> {
  const { event, publishedAt } = published;
  return {
    table: 'timeline',
    item: {
      pk: description.subject,
      sk: sortKeyOf(published),
      at: event.time,
      eventId: event.id,
      kind: event.type.replace(/\.v\d+$/, ''),
      accountSid: event.accountSid,
      correlationId: event.correlationId,
      summary: description.summary,
      detail: { ...description.detail, publishedAt, handledAt },
      ...(description.state === undefined ? {} : { state: description.state }),
      ...(description.occurredAt === undefined ? {} : { occurredAt: description.occurredAt }),
      expiresAt,
    },
    condition: isAbsent,
  };
}

/** The first delivery's row stands: it says when Trunkline handled the event. */
const isAbsent: Expression = { expression: 'attribute_not_exists(#pk)', names: { '#pk': 'pk' } };

const linkRows = ({ links }: Description, expiresAt: number): readonly Omit<Put, 'kind'>[] =>
  links.map(([from, to]) => ({ table: 'timeline', item: { pk: from, sk: `${LINK}${to}`, to, expiresAt } }));

const EntryRow = z.object({
  pk: z.string(),
  sk: z.string(),
  at: z.string(),
  kind: z.string(),
  summary: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  state: z.string().exactOptional(),
  occurredAt: z.string().exactOptional(),
});
export type EntryRow = z.infer<typeof EntryRow>;

const LinkRow = z.object({ to: z.string() });

/** Key range of a subject's entries from `sortKey` on, its links left out. */
export const entriesFrom = (subject: string, sortKey: string) => ({
  expression: '#pk = :pk AND #sk BETWEEN :from AND :to',
  names: { '#pk': 'pk', '#sk': 'sk' },
  values: { ':pk': subject, ':from': sortKey, ':to': '~' },
});

export const linksOf = (subject: string) => ({
  expression: '#pk = :pk AND begins_with(#sk, :link)',
  names: { '#pk': 'pk', '#sk': 'sk' },
  values: { ':pk': subject, ':link': LINK },
});

export const entryOfItem = (item: Item): EntryRow => EntryRow.parse(item);
export const linkOfItem = (item: Item): string => LinkRow.parse(item).to;
