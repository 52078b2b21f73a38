import { rfc2822 } from './render-message.ts';

export interface RenderableNumber {
  readonly sid: string;
  readonly phoneNumber: string;
  readonly smsCapable: boolean;
  readonly mmsCapable: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** REST parameters of an IncomingPhoneNumber that can be set, with what they are before. */
export const numberSettings: Readonly<Record<string, string>> = {
  FriendlyName: '',
  ApiVersion: '2010-04-01',
  SmsUrl: '',
  SmsMethod: 'POST',
  SmsFallbackUrl: '',
  SmsFallbackMethod: 'POST',
  SmsApplicationSid: '',
  StatusCallback: '',
  StatusCallbackMethod: 'POST',
  VoiceUrl: '',
  VoiceMethod: 'POST',
  VoiceFallbackUrl: '',
  VoiceFallbackMethod: 'POST',
  VoiceApplicationSid: '',
  VoiceCallerIdLookup: 'false',
  VoiceReceiveMode: 'voice',
};

/** The IncomingPhoneNumber resource as api.twilio.com shows it. */
export function renderNumber(accountSid: string, number: RenderableNumber): Record<string, unknown> {
  const setting = (name: string) => number.settings[name] ?? numberSettings[name] ?? '';
  const sidOrNull = (name: string) => setting(name) || null;
  return {
    account_sid: accountSid,
    address_requirements: 'none',
    address_sid: null,
    api_version: setting('ApiVersion'),
    beta: false,
    bundle_sid: null,
    capabilities: { voice: true, sms: number.smsCapable, mms: number.mmsCapable, fax: false },
    date_created: rfc2822(number.createdAt),
    date_updated: rfc2822(number.updatedAt),
    emergency_address_sid: null,
    emergency_address_status: 'unregistered',
    emergency_status: 'Inactive',
    friendly_name: setting('FriendlyName'),
    identity_sid: null,
    origin: 'twilio',
    phone_number: number.phoneNumber,
    sid: number.sid,
    sms_application_sid: sidOrNull('SmsApplicationSid'),
    sms_fallback_method: setting('SmsFallbackMethod'),
    sms_fallback_url: setting('SmsFallbackUrl'),
    sms_method: setting('SmsMethod'),
    sms_url: setting('SmsUrl'),
    status: 'in-use',
    status_callback: setting('StatusCallback'),
    status_callback_method: setting('StatusCallbackMethod'),
    trunk_sid: null,
    type: 'local',
    uri: `/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers/${number.sid}.json`,
    voice_application_sid: sidOrNull('VoiceApplicationSid'),
    voice_caller_id_lookup: setting('VoiceCallerIdLookup') === 'true',
    voice_fallback_method: setting('VoiceFallbackMethod'),
    voice_fallback_url: setting('VoiceFallbackUrl'),
    voice_method: setting('VoiceMethod'),
    voice_receive_mode: setting('VoiceReceiveMode'),
    voice_url: setting('VoiceUrl'),
  };
}
