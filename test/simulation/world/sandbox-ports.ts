import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createConsentGuard } from '../../../functions/consent/consent-guard.ts';
import { createContactAddresses } from '../../../functions/consent/contact-addresses.ts';
import { createOptOutBarrier } from '../../../functions/consent/opt-out-barrier.ts';
import { createAccountSecrets } from '../../../functions/shared/aws/account-secrets.ts';
import { createEventBus } from '../../../functions/shared/aws/event-bus.ts';
import { createLightAccountSecrets } from '../../../functions/shared/aws/light/account-secrets.ts';
import type { LightAws } from '../../../functions/shared/aws/light/light-aws.ts';
import { createLightPutClient } from '../../../functions/shared/aws/light/put-client.ts';
import { createLightTransactClient } from '../../../functions/shared/aws/light/transact-client.ts';
import { createPublishFailedQueue, createSendQueues } from '../../../functions/shared/aws/send-queues.ts';
import { createTableClient } from '../../../functions/shared/aws/table-client.ts';
import { SETTLEMENT_QUEUE } from '../../../functions/shared/contract/outbox.ts';
import { forEveryTable } from '../../../functions/shared/contract/tables.ts';
import type { AccountSecrets } from '../../../functions/shared/ports/account-secrets.ts';
import type { CallStarts } from '../../../functions/shared/ports/call-starts.ts';
import type { Clock } from '../../../functions/shared/ports/clock.ts';
import type { ConsentGuard } from '../../../functions/shared/ports/consent-guard.ts';
import type { ContactAddresses } from '../../../functions/shared/ports/contact-addresses.ts';
import type { ContactKey } from '../../../functions/shared/ports/contact-key.ts';
import type { EventBus } from '../../../functions/shared/ports/event-bus.ts';
import type { RequestObserver } from '../../../functions/shared/ports/observer.ts';
import type { OptOutBarrier } from '../../../functions/shared/ports/opt-out-barrier.ts';
import type { Randomness, Sleep } from '../../../functions/shared/ports/randomness.ts';
import type { PublishFailedQueue, SendQueues } from '../../../functions/shared/ports/send-queues.ts';
import type { ClaimClient, TableClient } from '../../../functions/shared/ports/table-client.ts';
import type { TwilioCallLedger } from '../../../functions/shared/ports/twilio-call-ledger.ts';
import type { TwilioCalls } from '../../../functions/shared/ports/twilio-calls.ts';
import type { TwilioLedger } from '../../../functions/shared/ports/twilio-ledger.ts';
import type { TwilioMessages } from '../../../functions/shared/ports/twilio-messages.ts';
import type { WebhookCrypto } from '../../../functions/shared/ports/webhook-crypto.ts';
import { nodeCrypto } from '../../../functions/shared/runtime/webhooks/node-crypto.ts';
import { createTwilioCallLedger } from '../../../functions/shared/twilio/call-ledger-client.ts';
import { createTwilioCalls } from '../../../functions/shared/twilio/calls-client.ts';
import { createTwilioLedger } from '../../../functions/shared/twilio/ledger-client.ts';
import { createTwilioMessages } from '../../../functions/shared/twilio/messages-client.ts';
import { createCallStarts } from '../../../functions/voice/call-starts.ts';
import { createSimulatedDynamoDb } from '../adapters/dynamodb-client.ts';
import { createLightTransport } from '../adapters/light-transport.ts';
import { createSimulatedEventBridge, createSimulatedSqs } from '../adapters/publishing-clients.ts';
import type { Sandbox } from './invocation.ts';
import { CONSENT_SETTINGS, CONTACT_KEY, POOLS, SECRET_PREFIX, TWILIO_ORIGIN } from './settings.ts';
import { createTablePort } from './table-ports.ts';
import type { World } from './world.ts';

/** Everything that a handler can be built from; a function takes what it needs. */
export interface SandboxPorts {
  readonly tables: TableClient;
  /** The ingress function has clients of its own. */
  readonly inbox: ClaimClient;
  readonly barrier: OptOutBarrier;
  readonly ingressSecrets: AccountSecrets;
  readonly secrets: AccountSecrets;
  readonly consent: ConsentGuard;
  readonly key: ContactKey;
  readonly addresses: ContactAddresses;
  readonly twilio: TwilioMessages;
  readonly ledger: TwilioLedger;
  readonly callLedger: TwilioCallLedger;
  readonly twilioCalls: TwilioCalls;
  readonly callStarts: CallStarts;
  readonly eventBus: EventBus;
  readonly sendQueues: SendQueues;
  readonly publishFailed: PublishFailedQueue;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly randomness: Randomness;
  readonly sleep: Sleep;
  readonly crypto: WebhookCrypto;
  readonly observer: RequestObserver & { addContext(): void };
}

export const createSandboxPorts = (world: World, sandbox: Sandbox): SandboxPorts => {
  const clock = () => Math.round(world.now) + sandbox.clockSkew;
  const random = randomnessOf(world);
  const sleep: Sleep = async (milliseconds) => {
    await world.ports.call({
      name: 'sleep',
      about: '',
      effect: () => ({ kind: 'value', value: undefined, after: milliseconds }),
    });
  };
  const secrets = createAccountSecrets({ prefix: SECRET_PREFIX, clock, client: secretsClient(world) });
  const stores = storePorts(world, secrets, { clock, randomness: random, sleep });
  return {
    ...stores,
    key: async () => CONTACT_KEY,
    addresses: createContactAddresses(stores.tables),
    barrier: createOptOutBarrier(CONSENT_SETTINGS, async () => CONTACT_KEY),
    consent: createConsentGuard(CONSENT_SETTINGS, {
      tables: stores.tables,
      random,
      key: async () => CONTACT_KEY,
    }),
    secrets,
    twilio: createTwilioMessages({ baseUrl: TWILIO_ORIGIN, secrets, clock }),
    ledger: createTwilioLedger({ baseUrl: TWILIO_ORIGIN, secrets, clock }),
    twilioCalls: createTwilioCalls({ baseUrl: TWILIO_ORIGIN, secrets, clock }),
    callStarts: createCallStarts(),
    callLedger: createTwilioCallLedger({ baseUrl: TWILIO_ORIGIN, secrets, clock }),
    ...publishingPorts(world),
    clock,
    random,
    randomness: random,
    sleep,
    crypto: nodeCrypto,
    observer: observerOf(world),
  };
};

const TABLE_NAMES = forEveryTable((table) => table);

/** In every second world the real adapters, over simulated clients and a simulated wire; in the others the ports themselves. */
const storePorts = (
  world: World,
  secrets: AccountSecrets,
  parts: Pick<LightAws, 'clock' | 'randomness' | 'sleep'>,
): Pick<SandboxPorts, 'tables' | 'inbox' | 'ingressSecrets'> => {
  if (!world.hasAdapters) {
    const tables = createTablePort(world);
    return { tables, inbox: tables, ingressSecrets: secrets };
  }
  const aws: LightAws = {
    ...parts,
    transport: createLightTransport(world),
    credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
    region: 'us-east-1',
    endpoints: {
      dynamodb: new URL('https://dynamodb.simulated/'),
      secretsmanager: new URL('https://secrets.simulated/'),
    },
  };
  return {
    tables: createTableClient({
      client: createSimulatedDynamoDb(world),
      tableNames: TABLE_NAMES,
      random: parts.randomness,
      sleep: parts.sleep,
    }),
    inbox: { ...createLightPutClient(aws, TABLE_NAMES), ...createLightTransactClient(aws, TABLE_NAMES) },
    ingressSecrets: createLightAccountSecrets(aws, SECRET_PREFIX),
  };
};

const randomnessOf = (world: World): Randomness => ({
  token: () => Buffer.from(world.random('tokens').hex(32), 'hex').toString('base64url'),
  fraction: () => world.random('jitter').fraction(),
});

/** Metrics count as coverage; lines are not kept. */
const observerOf = (world: World): SandboxPorts['observer'] => ({
  info: () => undefined,
  warn: () => undefined,
  error: (message, error) => world.note(`  error: ${message}: ${String(error).slice(0, 120)}`),
  count: (metric, value = 1, outcome = '') =>
    world.coverage.reach(`metric: ${metric} ${outcome}`.trim(), value),
  duration: () => undefined,
  addContext: () => undefined,
  flush: () => undefined,
});

const secretsClient = (world: World): Pick<SecretsManagerClient, 'send'> => {
  const send = (command: { readonly input: { readonly SecretId?: string } }) =>
    world.ports.call({
      name: 'get secret',
      about: '',
      effect: () => {
        if (world.random('secrets').chance(world.faults.secretsUnavailable)) {
          world.coverage.reach('fault: secret unavailable');
          return {
            kind: 'error',
            error: new Error('simulated: Secrets Manager does not answer'),
            after: 3_000,
          };
        }
        return {
          kind: 'value',
          value: { SecretString: world.twilio.secretText(command.input.SecretId ?? '') },
        };
      },
    });
  return { send } as unknown as Pick<SecretsManagerClient, 'send'>;
};

const publishingPorts = (world: World): Pick<SandboxPorts, 'eventBus' | 'sendQueues' | 'publishFailed'> => {
  const sqs = createSimulatedSqs(world);
  const pools = [...POOLS.map(({ name }) => name), SETTLEMENT_QUEUE];
  return {
    eventBus: createEventBus(createSimulatedEventBridge(world), 'simulated-bus'),
    sendQueues: createSendQueues(sqs, Object.fromEntries(pools.map((name) => [name, name]))),
    publishFailed: createPublishFailedQueue(sqs, 'publish-failed'),
  };
};
