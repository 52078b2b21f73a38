import * as z from 'zod';
import { BATCH_EVENTS } from './events/batch-events.ts';
import { CALL_FLOW_EVENTS } from './events/call-flow-events.ts';
import { CALL_INTENT_EVENTS } from './events/call-intent-events.ts';
import { CALL_RECORD_EVENTS } from './events/call-record-events.ts';
import { CALL_REPORT_EVENTS } from './events/call-report-events.ts';
import { CONSENT_EVENTS } from './events/consent-events.ts';
import { MESSAGE_EVENTS } from './events/message-events.ts';
import { RECEIVING_EVENTS } from './events/receiving-events.ts';
import { SENDING_EVENTS } from './events/sending-events.ts';

/**
 * Events of the bus, versioned, declared once, a file a subject. They carry ids, words and references; never a number, a
 * body, a digit or a token. `id` is item key + version + ordinal, so a republished event keeps its id.
 */
export const EVENT_SOURCE = 'trunkline';

export const EVENTS = {
  ...RECEIVING_EVENTS,
  ...MESSAGE_EVENTS,
  ...BATCH_EVENTS,
  ...CALL_INTENT_EVENTS,
  ...SENDING_EVENTS,
  ...CALL_REPORT_EVENTS,
  ...CONSENT_EVENTS,
  ...CALL_RECORD_EVENTS,
  ...CALL_FLOW_EVENTS,
} as const;

export type EventType = keyof typeof EVENTS;
export type EventOf<Type extends EventType> = z.infer<(typeof EVENTS)[Type]>;

/** Events of one file of `events/`. */
export type EventIn<Group extends Partial<typeof EVENTS>> = EventOf<keyof Group & EventType>;

/** A union has a first member, and the compiler wants to see it. */
const { 'message.received.v1': first, ...others } = EVENTS;
export const TrunklineEvent = z.discriminatedUnion('type', [first, ...Object.values(others)]);
export type TrunklineEvent = z.infer<typeof TrunklineEvent>;

/** Whether an event is one of a file of `events/`. */
export const isIn = <Group extends Partial<typeof EVENTS>>(
  group: Group,
  event: TrunklineEvent,
): event is EventIn<Group> => event.type in group;
