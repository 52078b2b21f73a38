import type { Clock } from '../../shared/ports/clock.ts';
import type { TableClient } from '../../shared/ports/table-client.ts';
import { changeSending, type SendingControl } from '../domain/sending-control.ts';
import { readSendingControl, sendingControlPut } from '../sending-control-store.ts';

export interface FreezeRestored {
  /** The operator, as the story of sending names them. */
  readonly by: string;
  readonly reason: string;
}

export interface FreezePorts {
  readonly tables: Pick<TableClient, 'get' | 'put'>;
  readonly clock: Clock;
}

/**
 * Freezes sending in a restored table before anything is pointed at it: its own control is as old as the restore point.
 * The freeze is renewed where one stands, so that its age is that of this restore.
 * @returns what stands now
 */
export async function freezeRestored(
  { by, reason }: FreezeRestored,
  ports: FreezePorts,
): Promise<SendingControl> {
  const control = await readSendingControl(ports.tables);
  const others = { ...control, pauses: control.pauses.filter(({ scope }) => scope !== 'all') };
  const change = { scope: 'all', state: 'frozen', by, reason, isConfirmed: false } as const;
  const changed = changeSending(others, change, ports.clock());
  if (changed.kind !== 'changed') throw new Error('a freeze that does not stand yet changes something');
  const written = await ports.tables.put(sendingControlPut(control, changed));
  if (written.kind === 'conflict')
    throw new Error('somebody uses the restored table already; is a deployment pointed at it?');
  return changed.control;
}
