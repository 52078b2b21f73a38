import { SETTLEMENT_QUEUE } from '../../functions/shared/contract/outbox.ts';
import { voiceFindings } from './check-voice.ts';
import type { EnvironmentConfiguration } from './environment-configuration.ts';

/** Lambda's limit for a function name. */
const FUNCTION_NAME_LIMIT = 64;

/** What no single key can say: findings as `key path: sentence`. Pure. */
export const crossChecks = (
  environment: string,
  configuration: EnvironmentConfiguration,
): readonly string[] => [
  ...poolFindings(environment, configuration),
  ...originFindings(configuration),
  ...localFindings(configuration),
  ...voiceFindings(configuration.voice),
  ...duplicates(configuration.twilio.accounts).map((at) => `twilio.accounts[${at}]: is listed twice`),
];

const poolFindings = (
  environment: string,
  { pools, twilio }: EnvironmentConfiguration,
): readonly string[] => [
  ...pools.flatMap((pool, at) =>
    twilio.accounts.includes(pool.accountSid)
      ? []
      : [`pools[${at}].accountSid: is not among twilio.accounts`],
  ),
  ...duplicates(pools.map((pool) => pool.name)).map((at) => `pools[${at}].name: is used by another pool`),
  ...duplicates(
    pools.map(
      ({ accountSid, channel, trafficClass, use = '' }) => `${accountSid} ${channel} ${trafficClass} ${use}`,
    ),
  ).map(
    (at) => `pools[${at}].trafficClass: the account has another pool for this channel, traffic class and use`,
  ),
  ...pools.flatMap((pool, at) =>
    pool.name === SETTLEMENT_QUEUE ? [`pools[${at}].name: is reserved for another queue`] : [],
  ),
  ...pools.flatMap((pool, at) =>
    `trunkline-${environment}-send-${pool.name}`.length > FUNCTION_NAME_LIMIT
      ? [`pools[${at}].name: makes a function name longer than ${FUNCTION_NAME_LIMIT} characters`]
      : [],
  ),
];

const originFindings = ({ local, hooks, twilio, auth }: EnvironmentConfiguration): readonly string[] => {
  const origins = {
    'hooks.origin': hooks.origin,
    'twilio.baseUrl': twilio.baseUrl,
    'auth.issuer': issuer(auth),
  };
  const plain = Object.entries(origins).flatMap(([key, value]) =>
    !local && value?.startsWith('http://') ? [`${key}: must be https outside a local environment`] : [],
  );
  const contradiction =
    hooks.origin !== undefined &&
    hooks.domain !== undefined &&
    hooks.origin !== `https://${hooks.domain.name}`
      ? ['hooks.origin: contradicts hooks.domain.name']
      : [];
  return [...plain, ...contradiction];
};

const issuer = (auth: EnvironmentConfiguration['auth']): string | undefined =>
  auth.kind === 'oidc' ? auth.issuer : undefined;

const localFindings = ({ local, acceptTestNumbers }: EnvironmentConfiguration): readonly string[] =>
  acceptTestNumbers && !local ? ['acceptTestNumbers: may be true only where local is true'] : [];

/** Positions of values that stand earlier in the list. */
const duplicates = (values: readonly string[]): readonly number[] =>
  values.flatMap((value, at) => (values.indexOf(value) < at ? [at] : []));
