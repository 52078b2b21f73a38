import type { ConsentSettings } from '../../shared/contract/consent-settings.ts';
import type { EventOf, TrunklineEvent } from '../../shared/contract/events.ts';
import { appendRecord } from '../append-record.ts';
import { SOURCES } from '../domain/standing.ts';
import { type RecordPorts, recordConsent } from '../record-consent.ts';

export type KeepOutcome = {
  readonly kind: 'appended' | 'recorded' | 'known' | 'missing' | 'not-for-this-consumer';
};

/** The ledger's hand: records what others have put into force, and chains every record. */
export async function keepLedger(
  event: TrunklineEvent,
  owner: string,
  { ledgerRetentionDays }: Pick<ConsentSettings, 'ledgerRetentionDays'>,
  ports: RecordPorts,
): Promise<KeepOutcome> {
  switch (event.type) {
    case 'consent.reported.v1':
      return record(event, owner, ports);
    case 'consent.opted-out.v1':
    case 'consent.opted-in.v1':
    case 'consent.noted.v1':
      return appendRecord(event.data.recordId, ledgerRetentionDays, ports);
    default:
      return { kind: 'not-for-this-consumer' };
  }
}

async function record(
  { data, accountSid, correlationId, id }: EventOf<'consent.reported.v1'>,
  owner: string,
  ports: RecordPorts,
): Promise<KeepOutcome> {
  const source = SOURCES.find((one) => one === data.source);
  if (source === undefined) return { kind: 'not-for-this-consumer' };
  const outcome = await recordConsent(
    {
      recordId: data.recordId,
      kind: 'opt-out',
      scope: data.scope,
      source,
      occurredAt: Date.parse(data.occurredAt),
      contactId: data.contactId,
      accountSid,
      correlationId,
      causationId: id,
      owner,
    },
    ports,
  );
  return { kind: outcome.kind };
}
