import type { EventOf } from '../../shared/contract/events.ts';
import { METRICS } from '../../shared/contract/metrics.ts';
import { isCall } from '../domain/intent.ts';
import { readIntent } from '../intent-store.ts';
import { joinReport } from '../join-report.ts';
import type { RecordCallStatusOutcome, RecordCallStatusPorts } from './record-call-status.ts';

/**
 * Twilio fetched the first document of a call over the attempt's own URL: somebody answered, and the attempt has a call.
 * That is proof before any callback, and where all of them are lost.
 */
export async function recordCallBegan(
  event: EventOf<'call.began.v1'>,
  owner: string,
  ports: RecordCallStatusPorts,
): Promise<RecordCallStatusOutcome> {
  const { intentId, attempt: number, callSid } = event.data;
  const intent = await readIntent(ports.tables, intentId);
  if (intent?.accountSid !== event.accountSid || !isCall(intent)) return { kind: 'not-placed' };
  const attempt = [...(intent.unresolvedAttempts ?? []), ...(intent.attempt ? [intent.attempt] : [])].find(
    (one) => one.number === number,
  );
  const report = {
    sid: callSid,
    status: 'in-progress',
    ...(attempt === undefined ? {} : { attempt }),
    receivedAt: event.time,
    eventId: event.id,
  };
  const joined = await joinReport(intent, report, owner, ports);
  if (joined === 'foreign') return { kind: 'not-placed' };
  if (joined === 'duplicate-detected') ports.observer.count(METRICS.duplicateDetected);
  return { kind: joined };
}
