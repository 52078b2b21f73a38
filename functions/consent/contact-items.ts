import * as z from 'zod';
import type { Expression, Item, Put } from '../shared/ports/table-client.ts';
import type { Guard } from './domain/facts.ts';
import { SOURCES, type Standing } from './domain/standing.ts';

/**
 * One partition a contact (an address, named by its keyed hash), read whole:
 *   GUARD#<scope>     the barrier that arming checks; a STOP replaces it unconditionally
 *   STANDING#<scope>  what the ledger says, changed under its record only
 *   LINK#<contact>    another address of the same person
 *   REVIEW            a text that may have been a revocation waits for an operator
 *   PROFILE           the address itself, until it is erased
 */
export const contactPartition = (contactId: string): string => `CONTACT#${contactId}`;

const key = (contactId: string, sk: string) => ({ pk: contactPartition(contactId), sk });
export const guardKey = (contactId: string, scope: string) => key(contactId, `GUARD#${scope}`);
export const standingKey = (contactId: string, scope: string) => key(contactId, `STANDING#${scope}`);
export const linkKey = (contactId: string, other: string) => key(contactId, `LINK#${other}`);
export const reviewKey = (contactId: string) => key(contactId, 'REVIEW');
export const profileKey = (contactId: string) => key(contactId, 'PROFILE');

const GuardItem = z.object({
  scope: z.string(),
  status: z.enum(['opted-out', 'clear']),
  since: z.number(),
  stamp: z.string(),
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

/** An address as the table holds it. */
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

export const guardPut = (contactId: string, guard: Guard, condition?: Expression): Put => ({
  kind: 'put',
  table: 'consent',
  item: { ...guardKey(contactId, guard.scope), ...guard },
  ...(condition === undefined ? {} : { condition }),
});

/** Nobody wrote the guard since it was read with this stamp, or found absent. */
export const isGuardAsSeen = (stamp: string | undefined): Expression =>
  stamp === undefined
    ? { expression: 'attribute_not_exists(#pk)', names: { '#pk': 'pk' } }
    : { expression: '#stamp = :stamp', names: { '#stamp': 'stamp' }, values: { ':stamp': stamp } };
