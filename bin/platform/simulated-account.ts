import { webhookUrl } from '../../functions/shared/contract/webhook-urls.ts';
import type { EnvironmentConfiguration } from '../../lib/config/environment-configuration.ts';
import type { SimulatorSettingsInput } from '../../local/twilio/options.ts';

/** The number of the pool at `index`: +15550100001, +15550100002, ... */
const numberOfPool = (index: number): string => `+1555010${String(index + 1).padStart(4, '0')}`;

/** Phone number of each sender pool at the simulated Twilio, by pool name. */
export const poolNumbers = ({ pools }: EnvironmentConfiguration): Readonly<Record<string, string>> =>
  Object.fromEntries(pools.map((pool, index) => [pool.name, numberOfPool(index)]));

/** The configured accounts as the simulator serves them: one service and one number per pool, webhooks set up. */
export function simulatedAccounts(
  configuration: EnvironmentConfiguration,
  hooksUrl: string,
  authToken: string,
): SimulatorSettingsInput['accounts'] {
  const { pools, twilio } = configuration;
  const numbers = poolNumbers(configuration);
  return twilio.accounts.map((accountSid) => {
    const own = pools
      .filter((pool) => pool.channel !== 'voice')
      .filter((pool) => pool.accountSid === accountSid);
    return {
      accountSid,
      authToken,
      messagingServices: own.map((pool) => ({ sid: pool.messagingServiceSid, friendlyName: pool.name })),
      numbers: own.map((pool) => ({
        phoneNumber: numbers[pool.name] ?? '',
        messagingServiceSid: pool.messagingServiceSid,
        smsUrl: webhookUrl(hooksUrl, 'inboundMessage', { accountSid }),
        smsFallbackUrl: webhookUrl(hooksUrl, 'inboundMessageFallback', { accountSid }),
      })),
    };
  });
}
