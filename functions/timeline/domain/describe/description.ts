import type { EventOf, EventType } from '../../../shared/contract/events.ts';

/** One event as a line of a story. */
export interface Description {
  /** The subject under which the line is kept: intent, MessageSid or another resource. */
  readonly subject: string;
  readonly summary: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
  /** State of the subject after the event, where it has one. */
  readonly state?: string;
  /** When it happened by the vendor's or the webhook's account, ISO 8601. */
  readonly occurredAt?: string;
  /** Pairs of subjects whose stories belong together: from the first, the second is found. */
  readonly links: readonly (readonly [from: string, to: string])[];
}

/** How the events of one type are told. */
export type Describe<Type extends EventType> = (event: EventOf<Type>) => Description;

export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** What of an event's data stands in a line's detail. */
export const defined = (data: object): Record<string, string | number | boolean> =>
  Object.fromEntries(
    Object.entries(data).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)),
  );
