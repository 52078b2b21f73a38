import * as z from 'zod';
import type { TrafficClass } from '../shared/contract/settings.ts';
import type { Item, TableClient, WriteAction } from '../shared/ports/table-client.ts';
import type { SentToRecipient } from './domain/gate/facts.ts';
import { isAbsent, isAtVersion } from './intent-store.ts';

/** What was sent to an address of one class lately; version 0: nothing yet. */
export interface FrequencySeen {
  readonly version: number;
  readonly sent: readonly SentToRecipient[];
}

const FrequencyRow = z.object({
  version: z.int(),
  sent: z.array(z.object({ intentId: z.string(), at: z.number() })),
});

const frequencyKey = (address: string, trafficClass: TrafficClass): Item => ({
  pk: `RECIPIENT#${address}`,
  sk: `SENT#${trafficClass}`,
});

const NOTHING: FrequencySeen = { version: 0, sent: [] };

/** Read strongly: what is armed meanwhile makes the arming fail. */
export async function readFrequency(
  tables: Pick<TableClient, 'get'>,
  address: string,
  trafficClass: TrafficClass,
): Promise<FrequencySeen> {
  const item = await tables.get('messaging', frequencyKey(address, trafficClass), { consistent: true });
  return item === undefined ? NOTHING : FrequencyRow.parse(item);
}

export interface CountedSend extends SentToRecipient {
  readonly address: string;
  readonly trafficClass: TrafficClass;
  /** The longest stretch of the caps that count it. */
  readonly keepSeconds: number;
}

/** Counts an attempt to reach the recipient; an intent counts once, however often it is tried. Older ones count no more. */
export function frequencyPut(
  { version, sent }: FrequencySeen,
  { address, trafficClass, intentId, at, keepSeconds }: CountedSend,
): WriteAction {
  const kept = sent.filter((one) => one.intentId !== intentId && one.at > at - keepSeconds * 1000);
  return {
    kind: 'put',
    table: 'messaging',
    item: {
      ...frequencyKey(address, trafficClass),
      version: version + 1,
      sent: [...kept, { intentId, at }],
      expiresAt: Math.ceil(at / 1000) + keepSeconds,
    },
    condition: version === 0 ? isAbsent : isAtVersion(version),
  };
}
