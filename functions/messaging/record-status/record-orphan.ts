import * as z from 'zod';
import type { EventOf } from '../../shared/contract/events.ts';
import { type Item, StoreUnavailableError } from '../../shared/ports/table-client.ts';
import { joinStatus, type StatusReport } from '../domain/message-status.ts';
import { EVIDENCE_RETENTION_SECONDS } from '../domain/timing.ts';
import { isAbsent, isAtVersion } from '../intent-store.ts';
import type { RecordStatusPorts } from './record-status.ts';

const OrphanRow = z.object({
  version: z.int(),
  reports: z.array(z.object({ status: z.string(), errorCode: z.int().exactOptional() })),
});

const orphanKey = (messageSid: string): Item => ({ pk: `ORPHAN#${messageSid}`, sk: 'ORPHAN' });

const TRIES = 8;

/** Keeps what Twilio tells of a MessageSid that no intent has: nothing is lost, somebody may claim it later. */
export async function recordOrphan(
  event: EventOf<'message.status-reported.v1'>,
  owner: string,
  ports: RecordStatusPorts,
): Promise<void> {
  const stored = await ports.tables.get('messaging', orphanKey(event.data.messageSid), { consistent: true });
  let current = stored === undefined ? undefined : OrphanRow.parse(stored);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const next = joined(current?.reports ?? [], event, (current?.version ?? 0) + 1, owner, ports.clock());
    if (next === undefined) return;
    const condition = current === undefined ? isAbsent : isAtVersion(current.version);
    const written = await ports.tables.put({ table: 'messaging', item: next, condition });
    if (written.kind === 'written') return;
    // An own write whose acknowledgement got lost is met here too: its report is known then.
    current = written.existing === undefined ? undefined : OrphanRow.parse(written.existing);
  }
  throw new StoreUnavailableError('the orphan kept changing under the report');
}

function joined(
  reports: readonly StatusReport[],
  event: EventOf<'message.status-reported.v1'>,
  version: number,
  owner: string,
  now: number,
): Item | undefined {
  const { messageSid, status, errorCode } = event.data;
  const report = errorCode === undefined ? { status } : { status, errorCode };
  const join = joinStatus(reports, report);
  if (!join.isNew) return undefined;
  const time = new Date(now).toISOString();
  const recorded = {
    id: `messaging/ORPHAN#${messageSid}/${version}/0`,
    time,
    accountSid: event.accountSid,
    correlationId: event.correlationId,
    causationId: event.id,
    type: 'message.status-recorded.v1',
    data: {
      messageSid,
      version,
      ...report,
      state: join.view.state,
      changed: join.changed,
      explanation: `${join.explanation}; no intent of ours has this MessageSid`,
      receivedAt: event.time,
    },
  } as const;
  return {
    ...orphanKey(messageSid),
    version,
    owner,
    reports: join.reports,
    outbox: [{ kind: 'event', event: recorded }],
    outboxAt: time,
    expiresAt: Math.floor(now / 1000) + EVIDENCE_RETENTION_SECONDS,
  };
}
