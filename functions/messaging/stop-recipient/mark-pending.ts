import * as z from 'zod';
import { StoreUnavailableError, type TableClient } from '../../shared/ports/table-client.ts';
import { allEnded } from '../../shared/runtime/all-ended.ts';
import type { Intent } from '../domain/intent.ts';
import { stopIntent } from '../domain/stopping.ts';
import { readIntent, writeTransition } from '../intent-store.ts';
import type { StopCommand, StopPorts } from './stop-recipient.ts';

export interface Marked {
  readonly suppressed: number;
  readonly calledOff: number;
}

const IndexedIntent = z.object({ pk: z.templateLiteral(['INTENT#', z.string()]) });

/** Intents written side by side. */
const PARALLEL = 25;
const TRIES = 5;
/** What has to be left when another page is begun. */
const RESERVE_MILLISECONDS = 20_000;

/**
 * Marks everything that is pending for the addresses, the nearest first. The index follows the table with a lag: what it does
 * not show yet is refused at arming, so that nothing of it can go out.
 */
export async function markPending(
  addresses: readonly string[],
  scope: string,
  command: StopCommand,
  ports: StopPorts,
): Promise<Marked | 'out-of-time'> {
  let marked: Marked = { suppressed: 0, calledOff: 0 };
  for (const address of addresses) {
    for await (const page of pagesOf(address, ports.tables)) {
      if (command.remainingMilliseconds() < RESERVE_MILLISECONDS) return 'out-of-time';
      for (let at = 0; at < page.length; at += PARALLEL) {
        const batch = page.slice(at, at + PARALLEL);
        const kinds = await allEnded(batch.map((id) => stopOne(id, scope, command.owner, ports)));
        marked = add(marked, kinds);
      }
    }
  }
  return marked;
}

const add = ({ suppressed, calledOff }: Marked, kinds: readonly string[]): Marked => ({
  suppressed: suppressed + kinds.filter((kind) => kind === 'suppressed').length,
  calledOff: calledOff + kinds.filter((kind) => kind === 'called-off').length,
});

async function* pagesOf(address: string, tables: TableClient): AsyncGenerator<readonly string[]> {
  let after: Awaited<ReturnType<TableClient['query']>>['next'];
  do {
    const page = await tables.query({
      table: 'messaging',
      index: 'recipient',
      keyCondition: {
        expression: '#recipient = :recipient',
        names: { '#recipient': 'recipient' },
        values: { ':recipient': address },
      },
      ...(after === undefined ? {} : { after }),
    });
    yield page.items.map((item) => IndexedIntent.parse(item).pk.slice('INTENT#'.length));
    after = page.next;
  } while (after !== undefined);
}

async function stopOne(
  intentId: string,
  scope: string,
  owner: string,
  ports: StopPorts,
): Promise<'suppressed' | 'called-off' | 'left'> {
  let intent: Intent | undefined = await readIntent(ports.tables, intentId);
  for (let tries = 0; tries < TRIES && intent !== undefined; tries += 1) {
    const stopping = stopIntent(intent, scope, { now: ports.clock(), owner, jitter: 0 });
    if (stopping.kind === 'left') return 'left';
    const written = await writeTransition(intent, stopping.transition, [], ports);
    if (written.kind === 'written') return stopping.kind;
    intent = written.existing;
  }
  if (intent === undefined) return 'left';
  throw new StoreUnavailableError('the intent kept changing under the opt-out');
}
