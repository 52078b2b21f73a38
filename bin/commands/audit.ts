import {
  type AuditOutcome,
  type AuditPorts,
  auditLedger,
} from '../../functions/messaging/audit-ledger/audit-ledger.ts';
import { readAudit } from '../../functions/messaging/audit-ledger/audit-store.ts';
import { createAccountSecrets } from '../../functions/shared/aws/account-secrets.ts';
import { createTableClient } from '../../functions/shared/aws/table-client.ts';
import { createDynamoDbClient } from '../../functions/shared/aws/table-client-connection.ts';
import { forEveryTable, type TableName } from '../../functions/shared/contract/tables.ts';
import type { Observer } from '../../functions/shared/ports/observer.ts';
import { systemClock, systemRandomness, systemSleep } from '../../functions/shared/runtime/system.ts';
import { createTwilioLedger } from '../../functions/shared/twilio/ledger-client.ts';
import type { EnvironmentConfiguration } from '../../lib/config/environment-configuration.ts';
import { localAws } from '../platform/local-aws.ts';
import { readLocalFile } from '../platform/local-file.ts';
import { readConfiguration } from '../platform/read-configuration.ts';
import { CommandError } from './command-error.ts';

export interface AuditOptions {
  readonly date: string;
  readonly environment: string;
  readonly context: Readonly<Record<string, string>>;
}

/** Audits one day against Twilio's list, with the operator's own AWS credentials; fails where the books differ. */
export async function audit({ date, environment, context }: AuditOptions): Promise<void> {
  const configuration = readConfiguration(environment, context);
  if (configuration.local) Object.assign(process.env, localAws());
  const ports = createPorts(environment, configuration);
  const outcome = await auditLedger(
    { date, owner: `cli#${systemRandomness.token()}`, remainingMilliseconds: () => Number.POSITIVE_INFINITY },
    ports,
    { accountSids: configuration.twilio.accounts, pageSize: 1000, segments: 8 },
  );
  if (outcome.kind !== 'audited') throw new CommandError(describeEnd(outcome));
  console.log(JSON.stringify(outcome.tally, undefined, 2));
  if (outcome.tally.unknownToUs + outcome.tally.missingAtTwilio === 0) return;
  const { unknownToUs, missingAtTwilio } = (await readAudit(ports.tables, date))?.audit ?? {};
  console.log(JSON.stringify({ unknownToUs, missingAtTwilio }, undefined, 2));
  throw new CommandError('our books and Twilio’s differ: docs/runbooks/ledger-mismatch.md');
}

function describeEnd({ kind, date }: Exclude<AuditOutcome, { kind: 'audited' }>): string {
  switch (kind) {
    case 'not-over':
      return `${date} is not over yet (UTC)`;
    case 'audited-before':
      return `${date} has been audited`;
    case 'overtaken':
      return `another audit of ${date} is under way`;
    case 'throttled':
    case 'unavailable':
      return 'Twilio does not answer now; the same command goes on where this one stopped';
    case 'out-of-time':
      return 'not finished; the same command goes on where this one stopped';
  }
}

function createPorts(environment: string, configuration: EnvironmentConfiguration): AuditPorts {
  const tableName = (table: TableName): string =>
    configuration.tables[table] ?? `trunkline-${environment}-${table}`;
  const { secretPrefix: prefix, baseUrl } = configuration.twilio;
  return {
    tables: createTableClient({
      client: createDynamoDbClient(),
      tableNames: forEveryTable(tableName),
      random: systemRandomness,
      sleep: systemSleep,
    }),
    ledger: createTwilioLedger({
      baseUrl: configuration.local ? (readLocalFile()?.simulatorUrl ?? baseUrl) : baseUrl,
      secrets: createAccountSecrets({ prefix, clock: systemClock }),
    }),
    observer: progress,
    clock: systemClock,
    random: systemRandomness,
    sleep: systemSleep,
  };
}

const show = (message: string, fields: object = {}): void =>
  void process.stderr.write(`  ${message} ${JSON.stringify(fields)}\n`);

/** What the function would log, for the person at the keyboard. */
const progress: Observer = {
  info: show,
  warn: show,
  error: (message, _error, fields) => show(message, fields),
  count: () => undefined,
  duration: () => undefined,
};
