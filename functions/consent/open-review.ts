import type { TrunklineEvent } from '../shared/contract/events.ts';
import { StoreUnavailableError, type WriteAction } from '../shared/ports/table-client.ts';
import { isAbsent, profileKey, reviewKey } from './contact-keys.ts';
import type { ConsentReport, RecordPorts } from './record-consent.ts';

/** Open reviews stand in one partition, oldest first. */
export const OPEN_REVIEWS = 'REVIEWS';
const REASON = 'the text may be a revocation';
const TRIES = 5;
const PAUSE_MILLISECONDS = 20;

/** Holds what is not essential for a contact until an operator has read the text. A contact has one open review at most. */
export async function openReview(report: ConsentReport, ports: RecordPorts): Promise<'in-review' | 'known'> {
  const since = ports.clock();
  const review = { contactId: report.contactId, since, messageSid: report.messageSid, owner: report.owner };
  const actions: readonly WriteAction[] = [
    {
      kind: 'put',
      table: 'consent',
      item: { ...reviewKey(report.contactId), ...review, ...told(report, since) },
      condition: isAbsent,
    },
    {
      kind: 'put',
      table: 'consent',
      item: { pk: OPEN_REVIEWS, sk: `${new Date(since).toISOString()}#${report.contactId}`, ...review },
    },
    {
      kind: 'put',
      table: 'consent',
      item: { ...profileKey(report.contactId), address: report.address },
    },
  ];
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const result = await ports.tables.transact(actions);
    if (result.kind === 'committed') return 'in-review';
    const [first] = result.reasons;
    if (first?.code === 'condition-failed')
      return first.existing?.owner === report.owner ? 'in-review' : 'known';
    await ports.sleep(ports.random.fraction() * PAUSE_MILLISECONDS * 2 ** tries);
  }
  throw new StoreUnavailableError('the review met only conflicts');
}

function told(report: ConsentReport, since: number) {
  const time = new Date(since).toISOString();
  const event: TrunklineEvent = {
    id: `consent/REVIEW#${report.contactId}/${report.recordId}/0`,
    time,
    accountSid: report.accountSid,
    correlationId: report.correlationId,
    ...(report.causationId === undefined ? {} : { causationId: report.causationId }),
    type: 'consent.review-opened.v1',
    data: {
      contactId: report.contactId,
      reason: REASON,
      ...(report.messageSid === undefined ? {} : { messageSid: report.messageSid }),
    },
  };
  return { outbox: [{ kind: 'event', event }], outboxAt: time };
}
