import type { TimelineView } from '../../shared/contract/api/timeline.ts';
import type { Item, TableClient } from '../../shared/ports/table-client.ts';
import { type EntryRow, entriesFrom, entryOfItem, linkOfItem, linksOf } from '../timeline-rows.ts';

export interface ReadTimeline {
  /** Intent id, MessageSid, correlation id, or any other subject. */
  readonly id: string;
  /** Cursor of the page before. */
  readonly after?: string;
  /** Entries a page. */
  readonly limit: number;
}

/** A story joins at most this many subjects; a campaign's correlation id would otherwise pull in all of it. */
const MOST_SUBJECTS = 50;
/** From an inbound text over its answer to the answer's MessageSid. */
const DEPTH = 3;

/** Sorts before every instant; DynamoDB takes no empty key. */
const FIRST = '0';

type Timelines = Pick<TableClient, 'query'>;

/** The story of an id, in the order in which Trunkline learned of things; undefined if there is none. */
export async function readTimeline(
  command: ReadTimeline,
  tables: Timelines,
): Promise<TimelineView | undefined> {
  const subjects = await relatedSubjects(command.id, tables);
  const pages = await Promise.all(
    subjects.map((subject) => firstEntries(subject, command.after ?? FIRST, command.limit + 1, tables)),
  );
  const rows = pages.flat().sort((left, right) => (left.sk < right.sk ? -1 : 1));
  const state = await latestState(command.id, subjects, tables);
  if (rows.length === 0 && state === undefined) return undefined;
  const page = rows.slice(0, command.limit);
  const last = page.at(-1);
  return {
    subject: command.id,
    state: state ?? 'unknown',
    related: subjects.filter((subject) => subject !== command.id),
    entries: page.map(({ at, occurredAt, kind, summary, detail }) => ({
      at,
      ...(occurredAt === undefined ? {} : { occurredAt }),
      kind,
      summary,
      detail,
    })),
    ...(rows.length > page.length && last !== undefined ? { next: last.sk } : {}),
  };
}

/** Breadth first along the links. */
async function relatedSubjects(id: string, tables: Timelines): Promise<readonly string[]> {
  const found = new Set([id]);
  let frontier = [id];
  for (let depth = 0; depth < DEPTH && frontier.length > 0; depth += 1) {
    const linked = await Promise.all(frontier.map((subject) => readLinks(subject, tables)));
    frontier = linked.flat().filter((subject) => !found.has(subject));
    for (const subject of frontier) if (found.size < MOST_SUBJECTS) found.add(subject);
    frontier = frontier.filter((subject) => found.has(subject));
  }
  return [...found];
}

async function readLinks(subject: string, tables: Timelines): Promise<readonly string[]> {
  const page = await tables.query({
    table: 'timeline',
    keyCondition: linksOf(subject),
    limit: MOST_SUBJECTS,
  });
  return page.items.map(linkOfItem);
}

/** The range begins with the entry `after` itself where the subject has it: one more is read. A page may be cut at 1 MB. */
async function firstEntries(
  subject: string,
  after: string,
  limit: number,
  tables: Timelines,
): Promise<readonly EntryRow[]> {
  const keyCondition = entriesFrom(subject, after);
  const entries: EntryRow[] = [];
  let next: Item | undefined;
  do {
    const query = { table: 'timeline', keyCondition, limit: limit + 1 } as const;
    const page = await tables.query(next === undefined ? query : { ...query, after: next });
    entries.push(...page.items.map(entryOfItem).filter((entry) => entry.sk !== after));
    next = page.next;
  } while (next !== undefined && entries.length < limit);
  return entries;
}

const LOOK_BACK = 25;

/** The last state that the subject itself reached; of a correlation id, the last that any of its subjects did. */
async function latestState(
  id: string,
  subjects: readonly string[],
  tables: Timelines,
): Promise<string | undefined> {
  const recent = await Promise.all(
    subjects.map(async (subject) => {
      const keyCondition = entriesFrom(subject, FIRST);
      const page = await tables.query({ table: 'timeline', keyCondition, forward: false, limit: LOOK_BACK });
      return page.items.map(entryOfItem);
    }),
  );
  const withState = recent
    .flat()
    .filter((entry) => entry.state !== undefined)
    .sort((left, right) => (left.sk < right.sk ? 1 : -1));
  return (withState.find((entry) => entry.pk === id) ?? withState[0])?.state;
}
