import * as z from 'zod';
import type { Expression, Item, TableClient } from '../shared/ports/table-client.ts';
import type { PollMark } from './domain/poll-window.ts';

/** A mark and the version under which it is kept; version 0 is not kept yet. */
export interface StoredMark {
  readonly mark: PollMark;
  readonly version: number;
}

const instant = z.iso.datetime().transform((text) => Date.parse(text));

const MarkItem = z.object({
  version: z.int(),
  through: instant,
  unfinished: z.object({ since: instant, through: instant, page: z.string() }).exactOptional(),
});

const markKey = (accountSid: string): Item => ({ pk: `POLL#${accountSid}` });

export const readMark = async (
  inbox: Pick<TableClient, 'get'>,
  accountSid: string,
): Promise<StoredMark | undefined> => {
  const item = await inbox.get('inbox', markKey(accountSid), { consistent: true });
  if (item === undefined) return undefined;
  const { version, ...mark } = MarkItem.parse(item);
  return { mark, version };
};

/** Undefined where another poll has moved the mark since it was read. The item never expires: it is what we know. */
export const writeMark = async (
  inbox: Pick<TableClient, 'put'>,
  { accountSid, owner, before }: { accountSid: string; owner: string; before: number },
  mark: PollMark,
): Promise<StoredMark | undefined> => {
  const version = before + 1;
  const item = { ...markKey(accountSid), version, owner, ...attributesOf(mark) };
  const written = await inbox.put({ table: 'inbox', item, condition: isStill(before) });
  const isOurs =
    written.kind === 'written' || (written.existing?.owner === owner && written.existing.version === version);
  return isOurs ? { mark, version } : undefined;
};

const attributesOf = ({ through, unfinished }: PollMark): Item => ({
  through: new Date(through).toISOString(),
  ...(unfinished === undefined
    ? {}
    : {
        unfinished: {
          since: new Date(unfinished.since).toISOString(),
          through: new Date(unfinished.through).toISOString(),
          page: unfinished.page,
        },
      }),
});

const isStill = (version: number): Expression =>
  version === 0
    ? { expression: 'attribute_not_exists(#pk)', names: { '#pk': 'pk' } }
    : {
        expression: '#version = :version',
        names: { '#version': 'version' },
        values: { ':version': version },
      };
