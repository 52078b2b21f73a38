import {
  type AuditOutcome,
  type AuditPorts,
  auditLedger,
} from '../../functions/messaging/audit-ledger/audit-ledger.ts';
import { readAudit } from '../../functions/messaging/audit-ledger/audit-store.ts';
import type { Observer } from '../../functions/shared/ports/observer.ts';
import { systemClock, systemRandomness, systemSleep } from '../../functions/shared/runtime/system.ts';
import {
  type DeployedClients,
  type DeploymentOptions,
  reachDeployment,
} from '../platform/deployed-clients.ts';
import { CommandError } from './command-error.ts';

export interface AuditOptions extends DeploymentOptions {
  readonly date: string;
}

/** Audits one day against Twilio's list, with the operator's own AWS credentials; fails where the books differ. */
export async function audit({ date, ...deployment }: AuditOptions): Promise<void> {
  const deployed = reachDeployment(deployment);
  const { configuration } = deployed;
  const ports = createPorts(deployed);
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

function createPorts({ tables, ledger }: DeployedClients): AuditPorts {
  return {
    tables,
    ledger: ledger(),
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
