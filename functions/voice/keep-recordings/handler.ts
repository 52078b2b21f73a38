import { S3Client } from '@aws-sdk/client-s3';
import { createAccountSecrets } from '../../shared/aws/account-secrets.ts';
import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { createRecordingStore } from '../../shared/aws/recording-store.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import type { RecordingPolicy } from '../../shared/contract/recording-policy.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironment } from '../../shared/runtime/environment.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { createTwilioRecordings } from '../../shared/twilio/recordings-client.ts';
import { createDueHandler, type DueHandler, type DueHandlerPorts } from '../due-handler.ts';
import { readRecordingPolicy } from '../recording-policy.ts';
import { type KeepPorts, keepRecording } from './keep-recording.ts';

/** Every minute: recordings whose next step is due. Two at once: a copy passes through memory. */
export const createHandler = (policy: RecordingPolicy, ports: KeepPorts & DueHandlerPorts): DueHandler =>
  createDueHandler(
    { kind: 'recordings', prefix: 'REC#', parallel: 2 },
    (recordingSid, owner) => keepRecording(recordingSid, owner, policy, ports),
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
    twilio: createTwilioRecordings({ baseUrl: requireEnvironment(ENVIRONMENT.twilioBaseUrl), secrets }),
    store: createRecordingStore(
      new S3Client({ forcePathStyle: true }),
      requireEnvironment(ENVIRONMENT.recordingsBucket),
    ),
    observer: createObserver('keep-recordings'),
    clock,
    random: systemRandomness,
    sleep: systemSleep,
  });
});

export const handler: DueHandler = async (event, context) => (await start())(event, context);
