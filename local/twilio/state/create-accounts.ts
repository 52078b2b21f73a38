import { createRandom } from '../domain/random.ts';
import type { AccountSettings, SimulatorSettings } from '../options.ts';
import type { AccountRecord, NumberRecord } from './simulator-state.ts';

/**
 * The accounts of the configuration. What was changed by API in an earlier run (webhook URLs, bought numbers,
 * promoted tokens) is kept as long as the configuration says the same as it did then.
 */
export function createAccounts(
  settings: SimulatorSettings,
  now: number,
  earlier: readonly AccountRecord[] = [],
): AccountRecord[] {
  return settings.accounts.map((account) => {
    const before = earlier.find(({ accountSid }) => accountSid === account.accountSid);
    const configured = account.numbers.map((number) => createNumber(account, number, settings.seed, now));
    const bought = (before?.numbers ?? []).filter((number) => number.configured === undefined);
    return {
      accountSid: account.accountSid,
      friendlyName: account.friendlyName,
      ownerAccountSid: account.ownerAccountSid ?? account.accountSid,
      apiKeys: account.apiKeys,
      messagingServices: account.messagingServices,
      createdAt: before?.createdAt ?? now,
      callsPerSecond: account.callsPerSecond,
      ...tokensOf(account, before),
      numbers: [...configured.map((number) => withEarlierSettings(number, before)), ...bought],
    };
  });
}

function tokensOf(account: AccountSettings, before: AccountRecord | undefined) {
  const same = before?.configuredAuthToken === account.authToken ? before : account;
  return {
    configuredAuthToken: account.authToken,
    authToken: same.authToken,
    secondaryAuthToken: same.secondaryAuthToken,
  };
}

function createNumber(
  account: AccountSettings,
  number: AccountSettings['numbers'][number],
  seed: string | number,
  now: number,
): NumberRecord {
  const configured = {
    FriendlyName: number.friendlyName ?? number.phoneNumber,
    SmsUrl: number.smsUrl ?? '',
    SmsMethod: number.smsMethod,
    SmsFallbackUrl: number.smsFallbackUrl ?? '',
    VoiceUrl: number.voiceUrl ?? '',
    VoiceMethod: number.voiceMethod,
    VoiceFallbackUrl: number.voiceFallbackUrl ?? '',
    VoiceFallbackMethod: number.voiceFallbackMethod,
    StatusCallback: number.statusCallback ?? '',
  };
  return {
    sid:
      number.sid ??
      `PN${createRandom(seed, 'number', account.accountSid, number.phoneNumber.replace(/^\w+:/, '')).hex(32)}`,
    phoneNumber: number.phoneNumber,
    messagingServiceSid: number.messagingServiceSid ?? onlyServiceOf(account),
    smsCapable: number.smsCapable,
    mmsCapable: number.mmsCapable,
    createdAt: now,
    updatedAt: now,
    configured,
    settings: { ...configured },
  };
}

/** Where an account has one Messaging Service and no number names it, it holds every number. */
function onlyServiceOf(account: AccountSettings): string | undefined {
  const [only, ...others] = account.messagingServices;
  const named = account.numbers.some(({ messagingServiceSid }) => messagingServiceSid !== undefined);
  return named || others.length > 0 ? undefined : only?.sid;
}

function withEarlierSettings(number: NumberRecord, before: AccountRecord | undefined): NumberRecord {
  const earlier = before?.numbers.find(({ phoneNumber }) => phoneNumber === number.phoneNumber);
  if (!earlier) return number;
  const changed = Object.fromEntries(
    Object.entries(number.settings).filter(([name, value]) => earlier.configured?.[name] !== value),
  );
  return {
    ...number,
    createdAt: earlier.createdAt,
    updatedAt: earlier.updatedAt,
    settings: { ...earlier.settings, ...changed },
  };
}
