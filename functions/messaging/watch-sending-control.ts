import type { Clock } from '../shared/ports/clock.ts';
import type { TableClient } from '../shared/ports/table-client.ts';
import type { SendingControl } from './domain/sending-control.ts';
import { readSendingControl } from './sending-control-store.ts';

/** Pauses and freeze as a sender knows them; throws where they cannot be read: then nothing is sent. */
export type WatchSendingControl = () => Promise<SendingControl>;

/** Protocols, 4: shared facts are at most this old when a message is armed. */
const OLDEST_MILLISECONDS = 5_000;

export interface WatchPorts {
  readonly tables: Pick<TableClient, 'get'>;
  readonly clock: Clock;
}

/** One for each sandbox: it keeps what it read. */
export function watchSendingControl(ports: WatchPorts): WatchSendingControl {
  let known: { readonly control: SendingControl; readonly readAt: number } | undefined;
  return async () => {
    const now = ports.clock();
    const age = now - (known?.readAt ?? Number.NEGATIVE_INFINITY);
    // A clock that was set back says nothing about the age.
    if (known !== undefined && age >= 0 && age < OLDEST_MILLISECONDS) return known.control;
    const control = await readSendingControl(ports.tables);
    known = { control, readAt: now };
    return control;
  };
}
