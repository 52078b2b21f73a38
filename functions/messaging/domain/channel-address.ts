import type { SendChannel } from '../../shared/contract/settings.ts';

/** Twilio tells channels apart by the prefix of the address (Messages resource, `To`). */
export const channelAddress = (channel: SendChannel, address: string): string =>
  channel === 'sms' ? address : `${channel}:${address}`;
