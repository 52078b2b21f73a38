import * as z from 'zod';
import type { OutboxEntry } from '../shared/contract/outbox.ts';
import type { Item, Put, TableClient } from '../shared/ports/table-client.ts';
import type { SendingChange, SendingControl } from './domain/sending-control.ts';
import { isAbsent, isAtVersion } from './intent-store.ts';

const StoredControl = z.object({
  version: z.int(),
  pauses: z.array(
    z.object({
      scope: z.string(),
      kind: z.enum(['pause', 'freeze']),
      since: z.number(),
      by: z.string(),
      reason: z.string(),
    }),
  ),
});

const CONTROL_KEY = { pk: 'CONTROL', sk: 'SENDING' } as const satisfies Item;

const UNTOUCHED: SendingControl = { version: 0, pauses: [] };

/** Read strongly: what it says decides whether anything is sent. */
export async function readSendingControl(tables: Pick<TableClient, 'get'>): Promise<SendingControl> {
  const item = await tables.get('messaging', CONTROL_KEY, { consistent: true });
  return item === undefined ? UNTOUCHED : StoredControl.parse(item);
}

/** The put of a change, on the condition that nobody changed anything since `before`. */
export function sendingControlPut(
  before: SendingControl,
  { control, event }: Extract<SendingChange, { kind: 'changed' }>,
): Put {
  const outbox: readonly OutboxEntry[] = [{ kind: 'event', event }];
  return {
    kind: 'put',
    table: 'messaging',
    item: { ...CONTROL_KEY, ...control, outbox, outboxAt: event.time },
    condition: before.version === 0 ? isAbsent : isAtVersion(before.version),
  };
}
