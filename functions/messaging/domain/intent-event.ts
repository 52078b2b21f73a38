import type { MESSAGE_EVENTS } from '../../shared/contract/events/message-events.ts';
import type { EventOf } from '../../shared/contract/events.ts';
import type { OutboxEntry } from '../../shared/contract/outbox.ts';
import type { Intent } from './intent.ts';

/** A state change with what it wants done: written together, or not at all. */
export interface Transition {
  readonly intent: Intent;
  readonly outbox: readonly OutboxEntry[];
}

/** Events that tell of an intent. */
export type IntentEventType = Exclude<keyof typeof MESSAGE_EVENTS, 'auto-response.decided.v1'>;

/** An event of the intent's present version; `ordinal` tells several of one write apart. */
export function intentEvent<Type extends IntentEventType>(
  intent: Intent,
  ordinal: number,
  type: Type,
  data: EventOf<Type>['data'],
) {
  return {
    id: `messaging/${intent.id}/${intent.version}/${ordinal}`,
    time: new Date(intent.updatedAt).toISOString(),
    accountSid: intent.accountSid,
    correlationId: intent.correlationId,
    ...(intent.causationId === undefined ? {} : { causationId: intent.causationId }),
    type,
    data,
  };
}

/** What every intent event says of the intent. */
export const intentFacts = (intent: Intent) => ({
  intentId: intent.id,
  version: intent.version,
  state: intent.state,
});
