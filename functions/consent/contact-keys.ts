import type { Expression, Item, Put } from '../shared/ports/table-client.ts';
import type { Guard } from './domain/facts.ts';

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

export const guardPut = (contactId: string, guard: Guard, with_: Item = {}): Put => ({
  kind: 'put',
  table: 'consent',
  item: { ...guardKey(contactId, guard.scope), ...guard, ...with_ },
});

export const isAbsent: Expression = { expression: 'attribute_not_exists(#pk)', names: { '#pk': 'pk' } };

/** Nobody wrote the guard since it was read with this stamp, or found absent. */
export const isGuardAsSeen = (stamp: string | undefined): Expression =>
  stamp === undefined
    ? isAbsent
    : { expression: '#stamp = :stamp', names: { '#stamp': 'stamp' }, values: { ':stamp': stamp } };
