import { StoreUnavailableError } from '../../shared/ports/table-client.ts';
import { joinCallStatus } from '../domain/call-status.ts';
import { bindingAbsent } from '../evidence-rows.ts';
import { transactOnItem } from '../intent-store.ts';
import { orphanOfItem, orphanPut, readOrphan } from '../orphan-rows.ts';
import type { CallStatusReported, RecordCallStatusPorts } from './record-call-status.ts';

const TRIES = 8;

/**
 * Keeps what Twilio tells of a CallSid that no intent has: whoever gets it later inherits it. `isUnbound`: then none may
 * have got it when the report is kept, or it would never see it. The call's own record tells its story meanwhile.
 */
export async function keepOrphanCall(
  event: CallStatusReported,
  { isUnbound }: { readonly isUnbound: boolean },
  ports: RecordCallStatusPorts,
): Promise<'kept' | 'bound-meanwhile'> {
  const { callSid, status, sequenceNumber, sipResponseCode } = event.data;
  const call = { accountSid: event.accountSid, sid: callSid };
  const report = {
    status,
    ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
    ...(sipResponseCode === undefined ? {} : { sipResponseCode }),
  };
  let current = await readOrphan(ports.tables, call);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const join = joinCallStatus(current?.reports ?? [], report);
    if (!join.isNew) return 'kept';
    const put = orphanPut(call, current, { reports: join.reports, now: ports.clock() });
    const written = isUnbound
      ? await transactOnItem([put, bindingAbsent(callSid)], ports)
      : await ports.tables.put(put);
    if (written.kind === 'written') return 'kept';
    if (written.kind === 'refused') return 'bound-meanwhile';
    // An own write whose acknowledgement got lost is met here too: its report is known then.
    current = orphanOfItem(written.existing);
  }
  throw new StoreUnavailableError('the orphan kept changing under the report');
}
