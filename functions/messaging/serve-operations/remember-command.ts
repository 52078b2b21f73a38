import * as z from 'zod';
import type { Put, TableClient, WriteAction } from '../../shared/ports/table-client.ts';
import { sha256Hex } from '../../shared/runtime/digest.ts';
import { INTENT_RETENTION_SECONDS } from '../domain/timing.ts';
import { isAbsent, type StorePorts, transactOnItem } from '../intent-store.ts';

/** A change that an operator asks for, under its Idempotency-Key. */
export interface OperatorCommand {
  readonly clientId: string;
  readonly idempotencyKey: string;
  /** What is asked for: the same key with something else is refused. */
  readonly request: readonly (string | boolean)[];
}

/** What an earlier request left under the same client and key. */
export type Memory = 'new' | 'repeated' | 'key-reused';

const StoredCommand = z.object({ requestHash: z.string(), owner: z.string() });

const commandKey = ({ clientId, idempotencyKey }: OperatorCommand) => ({
  pk: `COMMAND#${sha256Hex(JSON.stringify([clientId, idempotencyKey]))}`,
  sk: 'COMMAND',
});

const hashOf = ({ idempotencyKey, request }: OperatorCommand): string =>
  sha256Hex(JSON.stringify([idempotencyKey, ...request]));

export async function recallCommand(command: OperatorCommand, tables: TableClient): Promise<Memory> {
  const item = await tables.get('messaging', commandKey(command), { consistent: true });
  if (item === undefined) return 'new';
  return StoredCommand.parse(item).requestHash === hashOf(command) ? 'repeated' : 'key-reused';
}

/** `overtaken`: somebody changed what one of `actions` rests on; nothing was written. */
export type WriteOnce = Memory | 'written' | 'overtaken';

/** Writes what a command changes together with the memory of it: all or nothing, and once. */
export async function writeOnce(
  command: OperatorCommand,
  actions: readonly WriteAction[],
  moment: { readonly now: number; readonly owner: string },
  ports: StorePorts,
): Promise<WriteOnce> {
  const result = await transactOnItem([commandPut(command, moment), ...actions], ports);
  switch (result.kind) {
    case 'written':
      return 'written';
    case 'refused':
      return 'overtaken';
    case 'conflict': {
      const stored = StoredCommand.parse(result.existing);
      if (stored.owner === moment.owner) return 'written';
      return stored.requestHash === hashOf(command) ? 'repeated' : 'key-reused';
    }
    default:
      return result satisfies never;
  }
}

const commandPut = (command: OperatorCommand, { now, owner }: { now: number; owner: string }): Put => ({
  kind: 'put',
  table: 'messaging',
  item: {
    ...commandKey(command),
    requestHash: hashOf(command),
    owner,
    expiresAt: Math.floor(now / 1000) + INTENT_RETENTION_SECONDS,
  },
  condition: isAbsent,
});
