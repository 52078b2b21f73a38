import type { TrunklineEvent } from './events.ts';

/**
 * What a write wants done after it: stands in the item's `outbox` attribute beside the state it belongs to,
 * and is carried out by publish-events from the table's stream.
 */
export type OutboxEntry =
  | { readonly kind: 'event'; readonly event: TrunklineEvent }
  | {
      /** Put an intent on its pool's send queue, or on the queue of those that must be asked about at Twilio. */
      readonly kind: 'dispatch';
      /** Name of the pool, or SETTLEMENT_QUEUE. */
      readonly pool: string;
      readonly intentId: string;
      /** SQS DelaySeconds, 0 to 900 (vendor limit). */
      readonly delaySeconds: number;
    };

/** Name of the queue for intents whose outcome or status must be asked for; no pool may have it. */
export const SETTLEMENT_QUEUE = 'settlement';

/** Body of a message on a send queue. */
export interface Dispatch {
  readonly intentId: string;
}
