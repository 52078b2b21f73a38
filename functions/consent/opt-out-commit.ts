import type { EventOf } from '../shared/contract/events.ts';
import type { WriteAction } from '../shared/ports/table-client.ts';
import { guardPut, profileKey } from './contact-keys.ts';
import type { Scope } from './domain/scope.ts';
import type { ConsentSource } from './domain/standing.ts';

export interface OptOutCommit {
  readonly contactId: string;
  readonly address: string;
  readonly accountSid: string;
  readonly scope: Scope;
  readonly source: ConsentSource;
  readonly recordId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly stamp: string;
}

/**
 * An opt-out that joins somebody else's transaction: the barrier, unconditionally, with the event by which the ledger
 * learns of it, and the address that the ledger will need.
 */
export function optOutCommit(commit: OptOutCommit): readonly WriteAction[] {
  const { contactId, scope, recordId, at, stamp } = commit;
  const outboxAt = new Date(at).toISOString();
  const guard = { scope, status: 'opted-out', since: at, stamp, recordId } as const;
  return [
    guardPut(contactId, guard, { outbox: [{ kind: 'event', event: reported(commit) }], outboxAt }),
    { kind: 'put', table: 'consent', item: { ...profileKey(contactId), address: commit.address } },
  ];
}

const reported = (commit: OptOutCommit): EventOf<'consent.reported.v1'> => ({
  id: `consent/GUARD#${commit.contactId}#${commit.scope}/${commit.recordId}/0`,
  time: new Date(commit.at).toISOString(),
  accountSid: commit.accountSid,
  correlationId: commit.recordId,
  type: 'consent.reported.v1',
  data: {
    contactId: commit.contactId,
    recordId: commit.recordId,
    scope: commit.scope,
    source: commit.source,
    occurredAt: new Date(commit.at).toISOString(),
  },
});
