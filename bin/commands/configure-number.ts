import * as z from 'zod';
import { webhookUrl } from '../../functions/shared/contract/webhook-urls.ts';
import { readLocalFile } from '../platform/local-file.ts';
import { CommandError } from './command-error.ts';

export interface ConfigureNumberOptions {
  readonly hooksUrl?: string;
  readonly account?: string;
  readonly twilioBaseUrl?: string;
  /** VoiceFallbackUrl of the fallback stack. @default the number's calls are left as they are */
  readonly voiceFallbackUrl?: string;
  readonly dryRun?: boolean;
}

const Settings = z.object({
  sms_url: z.string().nullable(),
  sms_method: z.string().nullable(),
  sms_fallback_url: z.string().nullable(),
  sms_fallback_method: z.string().nullable(),
  voice_url: z.string().nullish(),
  voice_method: z.string().nullish(),
  voice_fallback_url: z.string().nullish(),
  voice_fallback_method: z.string().nullish(),
  status_callback: z.string().nullish(),
  status_callback_method: z.string().nullish(),
});
const PhoneNumber = Settings.extend({ sid: z.string(), phone_number: z.string() });
const PhoneNumbers = z.object({ incoming_phone_numbers: z.array(PhoneNumber) });
type Settings = z.infer<typeof Settings>;

/** Sets what Twilio calls for a number's messages and calls: webhooks, fallbacks, how often it tries. Shows each change. */
export async function configureNumber(number: string, options: ConfigureNumberOptions): Promise<void> {
  const twilio = connect(options);
  const found = await find(number, twilio);
  const wanted = settingsFor(twilio);
  const changes = differences(found, wanted);
  if (changes.length === 0) {
    console.log(`${number} is set up already`);
    return;
  }
  for (const { name, from, to } of changes) console.log(`${name}\n  - ${from ?? '(none)'}\n  + ${to}`);
  if (options.dryRun === true) return;
  await twilio.request(`IncomingPhoneNumbers/${found.sid}.json`, formOf(changes));
  const after = differences(await find(number, twilio), wanted);
  if (after.length > 0)
    throw new CommandError(`Twilio kept other values for ${after.map((one) => one.name).join(', ')}`);
  console.log(
    `${number} now calls ${twilio.hooksUrl}; a Messaging Service that it belongs to must defer to it`,
  );
}

const settingsFor = ({ hooksUrl, accountSid, voiceFallbackUrl }: Connection): Wanted => ({
  sms_url: webhookUrl(hooksUrl, 'inboundMessage', { accountSid }),
  sms_method: 'POST',
  sms_fallback_url: webhookUrl(hooksUrl, 'inboundMessageFallback', { accountSid }),
  sms_fallback_method: 'POST',
  // Calls only where there is something to fall back on: without, a caller would hear Twilio's error voice.
  ...(voiceFallbackUrl !== undefined && {
    voice_url: webhookUrl(hooksUrl, 'callInbound', { accountSid }),
    voice_method: 'POST',
    voice_fallback_url: voiceFallbackUrl,
    voice_fallback_method: 'GET',
    status_callback: webhookUrl(hooksUrl, 'callStatus', { accountSid }),
    status_callback_method: 'POST',
  }),
});

type Wanted = Readonly<Partial<Record<keyof Settings, string>>>;

interface Change {
  readonly name: keyof Settings;
  readonly from: string | null | undefined;
  readonly to: string;
}

const PARAMETERS: Readonly<Record<keyof Settings, string>> = {
  sms_url: 'SmsUrl',
  sms_method: 'SmsMethod',
  sms_fallback_url: 'SmsFallbackUrl',
  sms_fallback_method: 'SmsFallbackMethod',
  voice_url: 'VoiceUrl',
  voice_method: 'VoiceMethod',
  voice_fallback_url: 'VoiceFallbackUrl',
  voice_fallback_method: 'VoiceFallbackMethod',
  status_callback: 'StatusCallback',
  status_callback_method: 'StatusCallbackMethod',
};

const isSetting = (name: string): name is keyof Settings => Object.hasOwn(PARAMETERS, name);

const differences = (found: Settings, wanted: Wanted): readonly Change[] =>
  Object.entries(wanted).flatMap(([name, to]) =>
    isSetting(name) && found[name] !== to ? [{ name, from: found[name], to }] : [],
  );

const formOf = (changes: readonly Change[]): URLSearchParams =>
  new URLSearchParams(Object.fromEntries(changes.map(({ name, to }) => [PARAMETERS[name], to])));

interface Connection {
  readonly hooksUrl: string;
  readonly accountSid: string;
  readonly voiceFallbackUrl?: string;
  request(path: string, form?: URLSearchParams): Promise<unknown>;
}

/** Credentials come from the environment, as Twilio's own tools read them; the local platform brings its own. */
function connect(options: ConfigureNumberOptions, environment = process.env): Connection {
  const local = options.hooksUrl === undefined ? readLocalFile() : undefined;
  const accountSid = options.account ?? local?.accountSid;
  const hooksUrl = options.hooksUrl ?? local?.hooksUrl;
  const user = environment.TWILIO_API_KEY ?? accountSid;
  const password =
    environment.TWILIO_API_KEY === undefined
      ? (environment.TWILIO_AUTH_TOKEN ?? local?.authToken)
      : environment.TWILIO_API_SECRET;
  if (accountSid === undefined || hooksUrl === undefined || user === undefined || password === undefined) {
    throw new CommandError(
      'needs --hooks-url, --account, and TWILIO_AUTH_TOKEN (or TWILIO_API_KEY and TWILIO_API_SECRET)',
    );
  }
  const base = options.twilioBaseUrl ?? local?.simulatorUrl ?? 'https://api.twilio.com';
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const voiceFallbackUrl = options.voiceFallbackUrl ?? local?.voiceFallbackUrl;
  return {
    hooksUrl,
    accountSid,
    ...(voiceFallbackUrl !== undefined && { voiceFallbackUrl }),
    request: async (path, form) => {
      const response = await fetch(`${base}/2010-04-01/Accounts/${accountSid}/${path}`, {
        method: form === undefined ? 'GET' : 'POST',
        headers: { authorization },
        ...(form === undefined ? {} : { body: form }),
      });
      if (!response.ok)
        throw new CommandError(`Twilio answered ${response.status}: ${await response.text()}`);
      return response.json();
    },
  };
}

async function find(number: string, twilio: Connection): Promise<z.infer<typeof PhoneNumber>> {
  const query = new URLSearchParams({ PhoneNumber: number });
  const listed = PhoneNumbers.parse(await twilio.request(`IncomingPhoneNumbers.json?${query}`));
  const found = listed.incoming_phone_numbers.find((one) => one.phone_number === number);
  if (found === undefined) throw new CommandError(`account ${twilio.accountSid} has no number ${number}`);
  return found;
}
