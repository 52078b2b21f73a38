import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { createAccountSecrets } from '../../shared/aws/account-secrets.ts';
import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironment, requireEnvironmentList } from '../../shared/runtime/environment.ts';
import { createObserver, type FunctionObserver } from '../../shared/runtime/powertools-observer.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { createTwilioLedger } from '../../shared/twilio/ledger-client.ts';
import { type AuditOutcome, type AuditPorts, type AuditSettings, auditLedger } from './audit-ledger.ts';

type AuditHandler = (event: unknown, context: Context) => Promise<AuditOutcome>;

type Ports = AuditPorts & {
  readonly observer: AuditPorts['observer'] & Partial<Pick<FunctionObserver, 'flush'>>;
};

/** What the schedule (nothing) or an operator (a date) asks for. */
const Request = z.object({ date: z.iso.date().exactOptional() });

export const createHandler =
  (ports: Ports, settings: AuditSettings): AuditHandler =>
  async (event, context) => {
    try {
      const owner = `${context.awsRequestId}#${ports.random.token()}`;
      const remainingMilliseconds = () => context.getRemainingTimeInMillis();
      const request = Request.parse(event ?? {});
      const outcome = await auditLedger({ ...request, owner, remainingMilliseconds }, ports, settings);
      ports.observer.info('ledger audit', { outcome: outcome.kind, date: outcome.date });
      return outcome;
    } finally {
      ports.observer.flush?.();
    }
  };

const start = onColdStart(() => {
  const prefix = requireEnvironment(ENVIRONMENT.accountSecretPrefix);
  const secrets = createAccountSecrets({ prefix, clock: systemClock });
  const ports = {
    tables: createFunctionTables(['messaging']),
    ledger: createTwilioLedger({ baseUrl: requireEnvironment(ENVIRONMENT.twilioBaseUrl), secrets }),
    observer: createObserver('audit-ledger'),
    clock: systemClock,
    random: systemRandomness,
    sleep: systemSleep,
  };
  const accountSids = requireEnvironmentList(ENVIRONMENT.accountSids);
  return createHandler(ports, { accountSids, pageSize: 1000, segments: 8 });
});

export const handler: AuditHandler = async (event, context) => (await start())(event, context);
