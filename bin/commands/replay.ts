import { type ReplayProgress, replayEvents } from '../../functions/ingress/replay-events.ts';
import { TABLES, type TableName } from '../../functions/shared/contract/tables.ts';
import { systemRandomness, systemSleep } from '../../functions/shared/runtime/system.ts';
import { type DeploymentOptions, reachDeployment } from '../platform/deployed-clients.ts';
import { CommandError } from './command-error.ts';

export interface ReplayOptions extends DeploymentOptions {
  readonly from: string;
  readonly to: string;
  readonly segments: number;
}

const MOST_SEGMENTS = 64;

/** Publishes a window of events again, with the operator's own AWS credentials (or the local platform's). */
export async function replay(options: ReplayOptions): Promise<void> {
  const window = { from: instant('--from', options.from), to: instant('--to', options.to) };
  if (window.from >= window.to) throw new CommandError('--from must lie before --to');
  if (!Number.isInteger(options.segments) || options.segments < 1 || options.segments > MOST_SEGMENTS) {
    throw new CommandError(`--segments is a whole number from 1 to ${MOST_SEGMENTS}`);
  }
  const deployed = reachDeployment(options);
  const tables = (Object.keys(TABLES) as TableName[]).filter((table) => TABLES[table].outbox);
  const result = await replayEvents(
    { ...window, tables, segments: options.segments },
    {
      ...deployed,
      sendQueues: await deployed.sendQueues(),
      randomness: systemRandomness,
      sleep: systemSleep,
      report: showProgress,
    },
  );
  process.stderr.write('\n');
  console.log(
    `${result.scanned} items of the window, ${result.republished} events and dispatches republished, ${result.failed} items failed`,
  );
  if (result.failed > 0)
    throw new CommandError('some items could not be republished; run the same command again');
}

function instant(name: string, text: string): string {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw new CommandError(`${name}: ${text} is not a time (ISO 8601)`);
  return new Date(milliseconds).toISOString();
}

const showProgress = ({ scanned, republished, failed }: ReplayProgress): void => {
  process.stderr.write(`\r  ${scanned} items, ${republished} republished, ${failed} failed`);
};
