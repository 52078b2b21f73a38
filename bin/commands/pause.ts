import colors from 'picocolors';
import type { PausesView } from '../../functions/shared/contract/api/operations.ts';
import { createApplicationClient } from './application-client.ts';

/** Stops a scope: `all`, `class:otp`, `pool:marketing`, `campaign:spring`. With `freeze` until somebody confirms that it may go on. */
export async function pause(
  scope: string,
  options: { readonly reason: string; readonly freeze?: boolean },
): Promise<void> {
  const state = options.freeze === true ? 'frozen' : 'paused';
  const view = await createApplicationClient().changePause({ scope, state, reason: options.reason });
  console.log(renderPauses(view));
}

export async function resume(
  scope: string,
  options: { readonly reason: string; readonly confirm?: boolean },
): Promise<void> {
  const confirmation = options.confirm === true ? { confirm: true } : {};
  const view = await createApplicationClient().changePause({
    scope,
    state: 'running',
    reason: options.reason,
    ...confirmation,
  });
  console.log(renderPauses(view));
}

export async function pauses(): Promise<void> {
  console.log(renderPauses(await createApplicationClient().pauses()));
}

function renderPauses({ pauses: standing }: PausesView): string {
  if (standing.length === 0) return colors.green('everything is running');
  return standing
    .map(({ scope, state, since, by, reason }) => {
      const paint = state === 'frozen' ? colors.red : colors.yellow;
      return `${paint(state.padEnd(6))}  ${colors.bold(scope)}  since ${since} by ${by}: ${reason}`;
    })
    .join('\n');
}
