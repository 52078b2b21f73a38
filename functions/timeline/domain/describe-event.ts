import { BATCH_EVENTS } from '../../shared/contract/events/batch-events.ts';
import { CALL_FLOW_EVENTS } from '../../shared/contract/events/call-flow-events.ts';
import { CALL_INTENT_EVENTS } from '../../shared/contract/events/call-intent-events.ts';
import { CALL_RECORD_EVENTS } from '../../shared/contract/events/call-record-events.ts';
import { CALL_REPORT_EVENTS } from '../../shared/contract/events/call-report-events.ts';
import { CONSENT_EVENTS } from '../../shared/contract/events/consent-events.ts';
import { MESSAGE_EVENTS } from '../../shared/contract/events/message-events.ts';
import { RECEIVING_EVENTS } from '../../shared/contract/events/receiving-events.ts';
import { SENDING_EVENTS } from '../../shared/contract/events/sending-events.ts';
import type { TrunklineEvent } from '../../shared/contract/events.ts';
import { isIn } from '../../shared/contract/events.ts';
import { describeBatchEvent } from './describe/describe-batch-event.ts';
import { describeCallFlowEvent } from './describe/describe-call-flow-event.ts';
import { describeCallIntentEvent } from './describe/describe-call-intent-event.ts';
import { describeCallRecord } from './describe/describe-call-record.ts';
import { describeCallReport } from './describe/describe-call-report.ts';
import { describeConsentEvent } from './describe/describe-consent-event.ts';
import { describeMessageEvent } from './describe/describe-message-event.ts';
import { describeReceivingEvent } from './describe/describe-receiving-event.ts';
import { describeSendingEvent } from './describe/describe-sending-event.ts';
import type { Description } from './describe/description.ts';

/** The line of a story that an event makes. */
export function describeEvent(event: TrunklineEvent): Description {
  if (isIn(MESSAGE_EVENTS, event)) return describeMessageEvent(event);
  if (isIn(BATCH_EVENTS, event)) return describeBatchEvent(event);
  if (isIn(CALL_INTENT_EVENTS, event)) return describeCallIntentEvent(event);
  if (isIn(RECEIVING_EVENTS, event)) return describeReceivingEvent(event);
  if (isIn(SENDING_EVENTS, event)) return describeSendingEvent(event);
  if (isIn(CALL_REPORT_EVENTS, event)) return describeCallReport(event);
  if (isIn(CONSENT_EVENTS, event)) return describeConsentEvent(event);
  if (isIn(CALL_RECORD_EVENTS, event)) return describeCallRecord(event);
  if (isIn(CALL_FLOW_EVENTS, event)) return describeCallFlowEvent(event);
  return event satisfies never;
}
