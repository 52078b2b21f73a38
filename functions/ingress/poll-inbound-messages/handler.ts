import type { Context } from 'aws-lambda';
import { createOptOutBarrier } from '../../consent/opt-out-barrier.ts';
import { createAccountSecrets } from '../../shared/aws/account-secrets.ts';
import { createContactKey } from '../../shared/aws/contact-key.ts';
import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import {
  requireEnvironment,
  requireEnvironmentInteger,
  requireEnvironmentList,
} from '../../shared/runtime/environment.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { nodeCrypto } from '../../shared/runtime/webhooks/node-crypto.ts';
import { createTwilioLedger } from '../../shared/twilio/ledger-client.ts';
import * as poll from '../poll-inbound-messages.ts';
import { readKeywordScope } from '../settings.ts';
import { UnreadableMessagesError } from '../unreadable-messages-error.ts';

type PollHandler = (event: unknown, context: Context) => Promise<readonly poll.AccountPoll[]>;

export const createHandler =
  (ports: poll.PollPorts, settings: poll.PollSettings): PollHandler =>
  async (_event, context) => {
    try {
      const owner = `${context.awsRequestId}#${ports.randomness.token()}`;
      const remainingMilliseconds = () => context.getRemainingTimeInMillis();
      const polls = await poll.pollInboundMessages({ owner, remainingMilliseconds }, ports, settings);
      const unreadable = polls.reduce((sum, one) => sum + one.unreadable, 0);
      if (unreadable > 0) throw new UnreadableMessagesError(unreadable);
      return polls;
    } finally {
      ports.observer.flush();
    }
  };

const start = onColdStart(() => {
  const prefix = requireEnvironment(ENVIRONMENT.accountSecretPrefix);
  const secrets = createAccountSecrets({ prefix, clock: systemClock });
  const ports = {
    ledger: createTwilioLedger({ baseUrl: requireEnvironment(ENVIRONMENT.twilioBaseUrl), secrets }),
    inbox: createFunctionTables(['inbox', 'consent']),
    barrier: createOptOutBarrier({ keywordScope: readKeywordScope(process.env) }, createContactKey()),
    crypto: nodeCrypto,
    clock: systemClock,
    randomness: systemRandomness,
    sleep: systemSleep,
    observer: createObserver('poll-inbound-messages'),
  };
  return createHandler(ports, {
    accountSids: requireEnvironmentList(ENVIRONMENT.accountSids),
    retentionDays: requireEnvironmentInteger(ENVIRONMENT.inboxRetentionDays),
    pageSize: 1000,
  });
});

export const handler: PollHandler = async (event, context) => (await start())(event, context);
