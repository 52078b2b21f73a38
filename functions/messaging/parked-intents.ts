import * as z from 'zod';
import type { Item, TableClient } from '../shared/ports/table-client.ts';
import { PARKED_SHARD } from './domain/dispatching.ts';
import type { Intent } from './domain/intent.ts';
import { intentKey } from './intent-item.ts';
import { readIntent } from './intent-store.ts';

/** Where an intent stands among the parked ones; a page continues behind it. */
export interface ParkedPlace {
  readonly intentId: string;
  /** ISO 8601; the earliest sent first. */
  readonly dueAt: string;
}

export interface ParkedPage {
  readonly places: readonly ParkedPlace[];
  readonly next?: ParkedPlace;
}

const IndexRow = z.object({ pk: z.templateLiteral(['INTENT#', z.string()]), dueAt: z.iso.datetime() });

/** A page of the index, oldest message first; the index lags a little and knows keys only. */
export async function queryParked(
  query: { readonly limit: number; readonly after?: ParkedPlace },
  tables: Pick<TableClient, 'query'>,
): Promise<ParkedPage> {
  const page = await tables.query({
    table: 'messaging',
    index: 'due',
    keyCondition: {
      expression: '#shard = :shard',
      names: { '#shard': 'dueShard' },
      values: { ':shard': PARKED_SHARD },
    },
    limit: query.limit,
    ...(query.after === undefined ? {} : { after: indexKey(query.after) }),
  });
  const places = page.items.map(placeOf);
  return page.next === undefined ? { places } : { places, next: placeOf(page.next) };
}

const placeOf = (item: Item): ParkedPlace => {
  const { pk, dueAt } = IndexRow.parse(item);
  return { intentId: pk.slice('INTENT#'.length), dueAt };
};

const indexKey = ({ intentId, dueAt }: ParkedPlace): Item => ({
  ...intentKey(intentId),
  dueShard: PARKED_SHARD,
  dueAt,
});

/** Those of them that are parked still, read strongly. */
export async function readParked(
  places: readonly ParkedPlace[],
  tables: TableClient,
): Promise<readonly Intent[]> {
  const intents = await Promise.all(places.map(({ intentId }) => readIntent(tables, intentId)));
  return intents.filter((intent) => intent !== undefined).filter(({ state }) => state === 'PARKED');
}
