import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCOPES } from '../../functions/shared/contract/routes.ts';
import type { EnvironmentConfiguration } from '../../lib/config/environment-configuration.ts';
import type { LocalCloud } from '../../local/cloud/local-cloud.ts';
import { startLocalCloud } from '../../local/cloud/start-local-cloud.ts';
import { reservePorts } from '../../local/cloud/state/reserve-ports.ts';
import { type Simulator, startSimulator } from '../../local/twilio/start-simulator.ts';
import { requestAccessToken } from './access-token.ts';
import { type Identity, readIdentity } from './identity.ts';
import { type LocalFile, localFilePath } from './local-file.ts';
import { putAccountSecrets } from './put-account-secrets.ts';
import { readConfiguration } from './read-configuration.ts';
import { poolNumbers, simulatedAccounts } from './simulated-account.ts';
import { synthesizeLocal } from './synthesize-local.ts';

export interface PlatformOptions {
  readonly stateDirectory: string;
  readonly fresh: boolean;
  /** Keep the simulated Twilio's books on disk; they are written whole at each change. @default true */
  readonly keepSimulator?: boolean;
  /** Configuration values given by `-c`. */
  readonly overrides: Readonly<Record<string, string>>;
  /** Told of each step, and of what the person at the keyboard should know. */
  readonly onNotice: (text: string) => void;
}

/** The whole platform on this machine. */
export interface Platform {
  readonly local: LocalFile;
  readonly cloud: LocalCloud;
  /** Absent when the configuration names another Twilio. */
  readonly simulator?: Simulator;
  stop(): Promise<void>;
}

const SIMULATOR_FILE = 'simulator.json';
const CLIENT_ID = 'local-tools';
/** Local tokens live an hour; local.json always holds a good one. */
const TOKEN_REFRESH_MILLISECONDS = 30 * 60_000;

interface Addresses {
  readonly hooks: string;
  readonly application: string;
  readonly issuer: string;
  readonly ports: Readonly<Record<'hooks' | 'application' | 'issuer' | 'simulator' | 'fallback', number>>;
  readonly simulator: string;
  readonly fallback: string;
}

/** Synthesizes the stacks for this machine's addresses, runs them, and starts a Twilio for them. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { stateDirectory, onNotice } = options;
  const addresses = await reserveAddresses(stateDirectory);
  const overrides = { ...addressOverrides(addresses), ...options.overrides };
  const configuration = readConfiguration('local', overrides);
  const assemblyDirectory = join(stateDirectory, 'cdk.out');
  if (options.fresh) rmSync(join(stateDirectory, SIMULATOR_FILE), { force: true });
  onNotice('synthesizing the stacks');
  await synthesizeLocal(overrides, assemblyDirectory);
  onNotice('starting engines and functions');
  const cloud = await startCloud(options, addresses, assemblyDirectory);
  try {
    return await populate(cloud, configuration, addresses, options);
  } catch (error) {
    await cloud.stop();
    throw error;
  }
}

async function reserveAddresses(stateDirectory: string): Promise<Addresses> {
  const ports = await reservePorts(stateDirectory, [
    'hooks',
    'application',
    'issuer',
    'simulator',
    'fallback',
  ]);
  const origin = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    ports,
    hooks: origin(ports.hooks),
    application: origin(ports.application),
    issuer: origin(ports.issuer),
    simulator: origin(ports.simulator),
    fallback: origin(ports.fallback),
  };
}

const addressOverrides = (addresses: Addresses): Readonly<Record<string, string>> => ({
  'hooks.origin': addresses.hooks,
  'auth.issuer': addresses.issuer,
  'twilio.baseUrl': addresses.simulator,
  'voice.fallbackUrl': `${addresses.fallback}/voice/fallback.xml`,
});

function startCloud(
  { stateDirectory, fresh, onNotice }: PlatformOptions,
  { ports }: Addresses,
  assemblyDirectory: string,
): Promise<LocalCloud> {
  const { clientSecret } = readIdentity(stateDirectory);
  return startLocalCloud({
    assemblyDirectory,
    stateDirectory: join(stateDirectory, 'cloud'),
    fresh,
    ports: {
      'trunkline-local-hooks': ports.hooks,
      'trunkline-local-application': ports.application,
      'trunkline-local-voice-fallback': ports.fallback,
      issuer: ports.issuer,
    },
    issuerClients: [{ clientId: CLIENT_ID, clientSecret, scopes: SCOPES, audience: 'trunkline' }],
    onNotice,
  });
}

async function populate(
  cloud: LocalCloud,
  configuration: EnvironmentConfiguration,
  addresses: Addresses,
  options: PlatformOptions,
): Promise<Platform> {
  const { stateDirectory, onNotice } = options;
  const identity = readIdentity(stateDirectory);
  const { accounts, secretPrefix, baseUrl } = configuration.twilio;
  const secrets = accounts.map((accountSid) => ({ accountSid, authTokens: [identity.authToken] }));
  await putAccountSecrets(cloud.endpoints.secretsmanager, secretPrefix, secrets);
  const simulator =
    baseUrl === addresses.simulator
      ? await startTwilio(configuration, addresses, identity, options)
      : undefined;
  const write = () => writeLocalFile(cloud, configuration, addresses, identity, stateDirectory);
  const local = await write();
  const refresh = setInterval(() => {
    write().catch((error: unknown) => onNotice(`local.json could not be refreshed: ${error}`));
  }, TOKEN_REFRESH_MILLISECONDS);
  return {
    local,
    cloud,
    ...(simulator === undefined ? {} : { simulator }),
    stop: async () => {
      clearInterval(refresh);
      await simulator?.stop();
      await cloud.stop();
    },
  };
}

function startTwilio(
  configuration: EnvironmentConfiguration,
  addresses: Addresses,
  identity: Identity,
  { stateDirectory, onNotice, keepSimulator = true }: PlatformOptions,
): Promise<Simulator> {
  return startSimulator({
    port: addresses.ports.simulator,
    accounts: simulatedAccounts(configuration, addresses.hooks, identity.authToken),
    ...(keepSimulator ? { stateFile: join(stateDirectory, SIMULATOR_FILE) } : {}),
    log: onNotice,
  });
}

async function writeLocalFile(
  cloud: LocalCloud,
  configuration: EnvironmentConfiguration,
  addresses: Addresses,
  identity: Identity,
  stateDirectory: string,
): Promise<LocalFile> {
  const client = { clientId: CLIENT_ID, clientSecret: identity.clientSecret };
  const { endpoints } = cloud;
  const local: LocalFile = {
    hooksUrl: addresses.hooks,
    applicationUrl: addresses.application,
    consoleUrl: null,
    simulatorUrl: configuration.twilio.baseUrl,
    accountSid: configuration.twilio.accounts[0] ?? '',
    authToken: identity.authToken,
    applicationToken: await requestAccessToken(addresses.issuer, client),
    ...(configuration.voice.fallbackUrl !== undefined && {
      voiceFallbackUrl: configuration.voice.fallbackUrl,
    }),
    numbers: poolNumbers(configuration),
    aws: {
      AWS_REGION: cloud.region,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
      AWS_ENDPOINT_URL_SQS: endpoints.sqs,
      AWS_ENDPOINT_URL_S3: endpoints.s3,
      AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.eventbridge,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsmanager,
      AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda,
    },
  };
  writeFileSync(localFilePath(stateDirectory), `${JSON.stringify(local, undefined, 2)}\n`, { mode: 0o600 });
  return local;
}
