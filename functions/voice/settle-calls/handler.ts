import { createAccountSecrets } from '../../shared/aws/account-secrets.ts';
import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import type { RecordingPolicy } from '../../shared/contract/recording-policy.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironment } from '../../shared/runtime/environment.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { createTwilioCallRecords } from '../../shared/twilio/call-records-client.ts';
import { createDueHandler, type DueHandler, type DueHandlerPorts } from '../due-handler.ts';
import { readRecordingPolicy } from '../recording-policy.ts';
import { type SettleCallPorts, settleCall } from './settle-call.ts';

/** Every minute: calls whose record at Twilio is to be read. Few at once: calls and sends come first at Twilio. */
export const createHandler = (
  policy: RecordingPolicy,
  ports: SettleCallPorts & DueHandlerPorts,
): DueHandler =>
  createDueHandler(
    { kind: 'calls', prefix: 'CALLLOG#', parallel: 5 },
    (callSid, owner) => settleCall(callSid, owner, policy, ports),
    ports,
  );

const start = onColdStart(() => {
  const clock = systemClock;
  const secrets = createAccountSecrets({
    prefix: requireEnvironment(ENVIRONMENT.accountSecretPrefix),
    clock,
  });
  return createHandler(readRecordingPolicy(), {
    tables: createFunctionTables(['voice']),
    twilio: createTwilioCallRecords({
      baseUrl: requireEnvironment(ENVIRONMENT.twilioBaseUrl),
      secrets,
      clock,
    }),
    observer: createObserver('settle-calls'),
    clock,
    random: systemRandomness,
    sleep: systemSleep,
  });
});

export const handler: DueHandler = async (event, context) => (await start())(event, context);
