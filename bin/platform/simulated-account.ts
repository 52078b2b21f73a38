import { webhookUrl } from '../../functions/shared/contract/webhook-urls.ts';
import type { EnvironmentConfiguration } from '../../lib/config/environment-configuration.ts';
import type { SimulatorSettingsInput } from '../../local/twilio/options.ts';

type Pool = EnvironmentConfiguration['pools'][number];

/** The number of the message pool at `index`: +15550100001, +15550100002, ...; a pool of calls has its own. */
const numberOf = (pool: Pool, index: number): string =>
  pool.channel === 'voice' ? pool.from : `+1555010${String(index + 1).padStart(4, '0')}`;

/** Phone number of each sender pool at the simulated Twilio, by pool name. */
export const poolNumbers = ({ pools }: EnvironmentConfiguration): Readonly<Record<string, string>> =>
  Object.fromEntries(pools.map((pool, index) => [pool.name, numberOf(pool, index)]));

/** The configured accounts as the simulator serves them: one service and one number per pool, webhooks set up. */
export function simulatedAccounts(
  configuration: EnvironmentConfiguration,
  hooksUrl: string,
  authToken: string,
): SimulatorSettingsInput['accounts'] {
  const { pools, twilio } = configuration;
  const lines = Object.keys(configuration.voice.numbers);
  return twilio.accounts.map((accountSid, at) => {
    const voice = voiceWebhooksOf(configuration, accountSid, hooksUrl);
    const numbered = pools
      .map((pool, index) => ({ pool, phoneNumber: numberOf(pool, index) }))
      .filter(({ pool }) => pool.accountSid === accountSid);
    return {
      accountSid,
      authToken,
      messagingServices: numbered.flatMap(({ pool }) =>
        pool.channel === 'voice' ? [] : [{ sid: pool.messagingServiceSid, friendlyName: pool.name }],
      ),
      numbers: [
        ...numbered.map(({ pool, phoneNumber }) => ({
          phoneNumber,
          ...webhooksOf(pool, hooksUrl),
          ...voice,
        })),
        // Lines that only take calls: the first account's.
        ...(at === 0 ? lines : []).map((phoneNumber) => ({ phoneNumber, ...voice })),
      ],
    };
  });
}

function webhooksOf(pool: Pool, hooksUrl: string) {
  const { accountSid } = pool;
  const messages = {
    smsUrl: webhookUrl(hooksUrl, 'inboundMessage', { accountSid }),
    smsFallbackUrl: webhookUrl(hooksUrl, 'inboundMessageFallback', { accountSid }),
  };
  return pool.channel === 'voice' ? messages : { ...messages, messagingServiceSid: pool.messagingServiceSid };
}

const voiceWebhooksOf = ({ voice }: EnvironmentConfiguration, accountSid: string, hooksUrl: string) => ({
  voiceUrl: webhookUrl(hooksUrl, 'callInbound', { accountSid }),
  statusCallback: webhookUrl(hooksUrl, 'callStatus', { accountSid }),
  ...(voice.fallbackUrl !== undefined && {
    voiceFallbackUrl: voice.fallbackUrl,
    voiceFallbackMethod: 'GET' as const,
  }),
});
