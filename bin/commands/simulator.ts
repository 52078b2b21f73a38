import { readFileSync } from 'node:fs';
import { webhookUrl } from '../../functions/shared/contract/webhook-urls.ts';
import { type SimulatorSettingsInput, simulatorSettingsSchema } from '../../local/twilio/options.ts';
import { startSimulator } from '../../local/twilio/start-simulator.ts';
import { untilSignal } from '../platform/until-signal.ts';
import { CommandError } from './command-error.ts';

export interface SimulatorCommandOptions {
  readonly port: number;
  readonly account: string;
  readonly authToken: string;
  readonly hooksUrl: string;
  readonly service?: readonly string[];
  readonly number: string;
  readonly seed: string;
  readonly config?: string;
}

/** Runs the simulator alone, until interrupted. */
export async function simulator(options: SimulatorCommandOptions): Promise<void> {
  const settings = options.config === undefined ? settingsOf(options) : settingsOfFile(options.config);
  const running = await startSimulator({ ...settings, log: (line) => console.log(line) });
  console.log(`Twilio simulator  ${running.url}  (docs/simulator.md)`);
  for (const account of settings.accounts) {
    console.log(
      `  account ${account.accountSid}: ${(account.numbers ?? []).map((one) => one.phoneNumber).join(', ')}`,
    );
  }
  await untilSignal();
  await running.stop();
}

function settingsOf(options: SimulatorCommandOptions): SimulatorSettingsInput {
  const { account: accountSid, hooksUrl } = options;
  return {
    port: options.port,
    seed: options.seed,
    accounts: [
      {
        accountSid,
        authToken: options.authToken,
        messagingServices: (options.service ?? []).map((sid) => ({ sid })),
        numbers: [
          {
            phoneNumber: options.number,
            smsUrl: webhookUrl(hooksUrl, 'inboundMessage', { accountSid }),
            smsFallbackUrl: webhookUrl(hooksUrl, 'inboundMessageFallback', { accountSid }),
            ...(options.service?.[0] === undefined ? {} : { messagingServiceSid: options.service[0] }),
          },
        ],
      },
    ],
  };
}

function settingsOfFile(file: string): SimulatorSettingsInput {
  const parsed = simulatorSettingsSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const findings = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new CommandError([`${file} is not as expected`, ...findings].join('\n'));
}
