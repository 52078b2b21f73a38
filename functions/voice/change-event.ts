import type { EventOf, EventType } from '../shared/contract/events.ts';

interface Written {
  /** Key of the record in the voice table. */
  readonly key: string;
  readonly version: number;
  readonly accountSid: string;
  readonly correlationId: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly causationId?: string;
}

/** An event of a record's change. Its id is key, version and ordinal, so that a republished event keeps it. */
export const changeEvent = <Type extends EventType>(
  type: Type,
  { key, version, accountSid, correlationId, now, causationId }: Written,
  data: EventOf<Type>['data'],
  ordinal = 0,
) => ({
  kind: 'event' as const,
  event: {
    id: `voice/${key}/${version}/${ordinal}`,
    time: new Date(now).toISOString(),
    accountSid,
    correlationId,
    ...(causationId === undefined ? {} : { causationId }),
    type,
    data,
  },
});
