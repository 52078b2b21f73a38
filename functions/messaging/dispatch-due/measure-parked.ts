import { METRICS } from '../../shared/contract/metrics.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import type { TableClient } from '../../shared/ports/table-client.ts';
import { queryParked, readParked } from '../parked-intents.ts';

export interface MeasurePorts {
  readonly tables: TableClient;
  readonly clock: Clock;
  readonly observer: Observer;
}

const PAGE_SIZE = 1_000;
/** More are counted no further: they are alarming enough. */
const MOST_COUNTED = 10_000;
/** So many, the earliest sent, are asked since when they have been parked. */
const MOST_READ = 50;

/** How many messages wait for an operator, and for how long the oldest; zeros are told too, they end an alarm. */
export async function measureParked(ports: MeasurePorts): Promise<void> {
  const now = ports.clock();
  let page = await queryParked({ limit: PAGE_SIZE }, ports.tables);
  const oldest = await readParked(page.places.slice(0, MOST_READ), ports.tables);
  const parkedSince = Math.min(now, ...oldest.map(({ updatedAt }) => updatedAt));
  let parked = page.places.length;
  while (page.next !== undefined && parked < MOST_COUNTED) {
    page = await queryParked({ limit: PAGE_SIZE, after: page.next }, ports.tables);
    parked += page.places.length;
  }
  ports.observer.count(METRICS.parked, parked);
  ports.observer.duration(METRICS.parkedAge, now - parkedSince);
}
