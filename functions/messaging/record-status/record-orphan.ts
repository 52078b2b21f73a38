import type { EventOf } from '../../shared/contract/events.ts';
import { type Item, StoreUnavailableError } from '../../shared/ports/table-client.ts';
import { joinStatus } from '../domain/message-status.ts';
import type { StatusJoin, StatusReport } from '../domain/status-report.ts';
import { bindingAbsent } from '../evidence-rows.ts';
import { transactOnItem } from '../intent-store.ts';
import { type OrphanRow, orphanOfItem, orphanPut, readOrphan, versionAfter } from '../orphan-rows.ts';
import type { RecordStatusPorts } from './record-status.ts';

const TRIES = 8;

type StatusReported = EventOf<'message.status-reported.v1'>;

interface Orphan {
  readonly event: StatusReported;
  readonly owner: string;
  /** No intent has the MessageSid: then none may have got it when the report is kept, or it would never see it. */
  readonly isUnbound: boolean;
}

/** Keeps what Twilio tells of a MessageSid that no intent has: whoever gets it later inherits it. */
export async function recordOrphan(
  orphan: Orphan,
  ports: RecordStatusPorts,
): Promise<'kept' | 'bound-meanwhile'> {
  const message = messageOf(orphan.event);
  let current = await readOrphan(ports.tables, message);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const join = joinStatus(current?.reports ?? [], reportOf(orphan.event));
    if (!join.isNew) return 'kept';
    const written = await write(orphan, current, join, ports);
    if (written.kind === 'written') return 'kept';
    if (written.kind === 'refused') return 'bound-meanwhile';
    // An own write whose acknowledgement got lost is met here too: its report is known then.
    current = orphanOfItem(written.existing);
  }
  throw new StoreUnavailableError('the orphan kept changing under the report');
}

const messageOf = ({ accountSid, data: { messageSid } }: StatusReported) => ({
  accountSid,
  sid: messageSid,
});

const reportOf = ({ data: { status, errorCode } }: StatusReported): StatusReport =>
  errorCode === undefined ? { status } : { status, errorCode };

function write(
  { event, owner, isUnbound }: Orphan,
  current: OrphanRow | undefined,
  join: StatusJoin,
  ports: RecordStatusPorts,
) {
  const now = ports.clock();
  const message = messageOf(event);
  const outbox = { owner, ...told(event, versionAfter(current), join, new Date(now).toISOString()) };
  const put = orphanPut(message, current, { reports: join.reports, now, outbox });
  return isUnbound ? transactOnItem([put, bindingAbsent(message.sid)], ports) : ports.tables.put(put);
}

function told(event: StatusReported, version: number, join: StatusJoin, time: string): Item {
  const { accountSid, correlationId } = event;
  const { messageSid } = event.data;
  const recorded = {
    id: `messaging/ORPHAN#${messageSid}/${accountSid}/${version}/0`,
    time,
    accountSid,
    correlationId,
    causationId: event.id,
    type: 'message.status-recorded.v1',
    data: {
      messageSid,
      version,
      ...reportOf(event),
      state: join.view.state,
      changed: join.changed,
      explanation: `${join.explanation}; no intent of ours has this MessageSid`,
      receivedAt: event.time,
    },
  } as const;
  return { outbox: [{ kind: 'event', event: recorded }], outboxAt: time };
}
