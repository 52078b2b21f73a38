import * as z from 'zod';
import type { Item } from '../shared/ports/table-client.ts';
import type { Guard } from './domain/facts.ts';
import { SOURCES, type Standing } from './domain/standing.ts';

const GuardItem = z.object({
  scope: z.string(),
  status: z.enum(['opted-out', 'clear']),
  since: z.number(),
  stamp: z.string(),
  recordId: z.string(),
});
const StandingItem = z.object({
  scope: z.string(),
  status: z.enum(['opted-in', 'opted-out']),
  since: z.number(),
  recordId: z.string(),
  source: z.enum(SOURCES),
});
const ReviewItem = z.object({ since: z.number() });
const ProfileItem = z.object({ address: z.string() });

/** An address as the table holds it (contact-keys.ts). */
export interface Contact {
  readonly contactId: string;
  readonly guards: readonly Guard[];
  readonly standings: readonly Standing[];
  readonly linked: readonly string[];
  readonly reviewSince?: number;
  /** Absent where nothing was recorded of it yet, and once it was erased. */
  readonly address?: string;
}

/** @throws ZodError for an item that no version of Trunkline wrote. */
export function contactOfItems(contactId: string, items: readonly Item[]): Contact {
  const named = (prefix: string): readonly Item[] => items.filter(({ sk }) => String(sk).startsWith(prefix));
  const review = named('REVIEW')[0];
  const profile = named('PROFILE')[0];
  return {
    contactId,
    guards: named('GUARD#').map((item) => GuardItem.parse(item)),
    standings: named('STANDING#').map((item) => StandingItem.parse(item)),
    linked: named('LINK#').map(({ sk }) => String(sk).slice('LINK#'.length)),
    ...(review === undefined ? {} : { reviewSince: ReviewItem.parse(review).since }),
    ...(profile === undefined ? {} : { address: ProfileItem.parse(profile).address }),
  };
}
