import colors from 'picocolors';
import type { ParkedMessage } from '../../functions/shared/contract/api/operations.ts';
import { createApplicationClient } from './application-client.ts';

/** Lists what waits for an operator, oldest first. */
export async function parked(): Promise<void> {
  const client = createApplicationClient();
  let shown = 0;
  let after: string | undefined;
  do {
    const page = await client.parked(after);
    for (const message of page.messages) console.log(renderParked(message));
    shown += page.messages.length;
    after = page.next;
  } while (after !== undefined);
  if (shown === 0) console.log(colors.green('nothing waits for a decision'));
}

/** Decides on one of them. */
export async function decide(
  id: string,
  decision: string,
  options: { readonly reason: string },
): Promise<void> {
  const message = await createApplicationClient().decide(id, { decision, reason: options.reason });
  console.log(`${message.id}  ${message.state}${message.reason === undefined ? '' : `  ${message.reason}`}`);
}

const renderParked = ({ id, pool, parkedAt, attempts, correlationId, reason }: ParkedMessage): string =>
  `${colors.bold(id)}  ${pool}  parked since ${parkedAt}  attempts ${attempts}  ${correlationId}\n  ${colors.dim(reason)}`;
