import type { Item, Page } from '../../../functions/shared/ports/table-client.ts';
import { itemBytes } from './item-size.ts';

/** Bytes that one page of a query or scan reads at most (vendor limit). */
export const PAGE_BYTES = 1024 * 1024;

export interface PageRules {
  readonly limit: number;
  readonly pageBytes: number;
  /** Applied after the page is read, as a filter is. */
  readonly keeps: (item: Item) => boolean;
  readonly keyOf: (item: Item) => Item;
}

/** As DynamoDB pages: one that stops at its limit has a `next`, even where nothing follows. */
export const readPage = (items: Iterable<Item>, rules: PageRules): Page & { readonly bytes: number } => {
  const read: Item[] = [];
  let bytes = 0;
  let next: Item | undefined;
  for (const item of items) {
    read.push(item);
    bytes += itemBytes(item);
    if (read.length < rules.limit && bytes < rules.pageBytes) continue;
    next = rules.keyOf(item);
    break;
  }
  return { items: read.filter(rules.keeps), bytes, ...(next === undefined ? {} : { next }) };
};
