import type { Clock } from '../../shared/ports/clock.ts';
import type { PutClient } from '../../shared/ports/table-client.ts';
import type { BusEvent } from '../../shared/runtime/bus-event.ts';
import { rowsOf } from '../timeline-rows.ts';

export interface RecordEventPorts {
  readonly tables: PutClient;
  readonly clock: Clock;
}

/** Writes an event into the stories that it belongs to. Keyed by the event: any number of deliveries, one row. */
export async function recordEvent(
  published: BusEvent,
  retentionDays: number,
  ports: RecordEventPorts,
): Promise<void> {
  const now = ports.clock();
  const expiresAt = Math.floor(now / 1000) + retentionDays * 86_400;
  const rows = rowsOf(published, new Date(now).toISOString(), expiresAt);
  // One after the other: of several at once, the rest would go on after the failure of one has been answered.
  for (const row of rows) await ports.tables.put(row);
}
