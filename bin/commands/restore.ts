import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { freezeRestored } from '../../functions/messaging/restore/freeze-restored.ts';
import { type MarkSentOutcome, markSentSince } from '../../functions/messaging/restore/mark-sent-since.ts';
import { TABLES, type TableName } from '../../functions/shared/contract/tables.ts';
import { systemClock, systemRandomness, systemSleep } from '../../functions/shared/runtime/system.ts';
import { type DeploymentOptions, reachDeployment, tablesNamed } from '../platform/deployed-clients.ts';
import { silentObserver } from '../platform/silent-observer.ts';
import { attachRestored } from '../restore/attach-restored.ts';
import { CommandError } from './command-error.ts';

export interface AttachOptions extends DeploymentOptions {
  /** Physical name of the restored table. */
  readonly name: string;
  readonly dryRun: boolean;
}

const isTable = (name: string): name is TableName => Object.hasOwn(TABLES, name);

/**
 * Gives a restored table what a restore does not bring with it: stream, expiry, point-in-time recovery, protection. In the messaging
 * table sending is frozen first, before anything is pointed at it.
 */
export async function attach(table: string, options: AttachOptions): Promise<void> {
  if (!isTable(table))
    throw new CommandError(`there is no table ${table}; there are ${Object.keys(TABLES).join(', ')}`);
  const { configuration } = reachDeployment(options);
  const { protection } = configuration;
  const done = await attachRestored(
    { name: options.name, shape: TABLES[table], protection, dryRun: options.dryRun },
    { client: new DynamoDBClient({}), sleep: systemSleep },
  );
  for (const line of done.steps) console.log(`  ${options.dryRun ? 'would ' : ''}${line}`);
  if (options.dryRun) return;
  if (table === 'messaging') {
    const tables = tablesNamed(() => options.name);
    await freezeRestored(
      { by: 'trunkline restore', reason: 'restored to a point in time' },
      { tables, clock: systemClock },
    );
    console.log('  froze sending in the restored table');
  }
  console.log(
    `point the deployment at it: -c tables.${table}=${options.name}, or in config/environments/${options.environment}.json`,
  );
}

export interface MarkOptions extends DeploymentOptions {
  readonly since: string;
}

/** Marks what Twilio has had since the restore point on the restored intents; fails while that is not done. */
export async function mark(options: MarkOptions): Promise<void> {
  const since = Date.parse(options.since);
  if (Number.isNaN(since)) throw new CommandError(`--since: ${options.since} is not a time (ISO 8601)`);
  const { configuration, tables, ledger, callLedger } = reachDeployment(options);
  const outcome = await markSentSince(
    {
      since,
      owner: `cli#${systemRandomness.token()}`,
      accountSids: configuration.twilio.accounts,
      pageSize: 1000,
      segments: 16,
    },
    {
      tables,
      ledger: ledger(),
      callLedger: callLedger(),
      clock: systemClock,
      random: systemRandomness,
      sleep: systemSleep,
      observer: silentObserver,
    },
  );
  report(outcome);
}

function report(outcome: MarkSentOutcome): void {
  switch (outcome.kind) {
    case 'not-frozen':
      throw new CommandError('sending is not frozen: `trunkline pause all --freeze --reason restore` first');
    case 'too-early':
      throw new CommandError(
        `Twilio may not list the last sends before the freeze yet; come again at ${new Date(outcome.at).toISOString()}`,
      );
    case 'throttled':
    case 'unavailable':
      throw new CommandError('Twilio gives no answer now; run the same command again');
    case 'marked':
      console.log(
        `${outcome.listed} at Twilio since the point, ${outcome.marked} marked now, ${outcome.open} not sent yet`,
      );
      for (const sid of outcome.unknown)
        console.log(`  ${sid} was sent by an intent that the restore has undone`);
      if (outcome.moved > 0)
        throw new CommandError(`${outcome.moved} intents changed meanwhile; run the same command again`);
      console.log('nothing of it will be sent again; `trunkline resume all --confirm` lets the rest go out');
      return;
    default:
      outcome satisfies never;
  }
}
