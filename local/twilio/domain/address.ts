export type Channel = 'sms' | 'whatsapp' | 'rcs' | 'messenger';

const channelPrefixes = ['whatsapp', 'rcs', 'messenger'] as const;

/** `whatsapp:+1555…` is on WhatsApp; an address without a prefix is on SMS and MMS. */
export function channelOf(address: string): Channel {
  return channelPrefixes.find((prefix) => address.startsWith(`${prefix}:`)) ?? 'sms';
}

export function withoutChannel(address: string): string {
  const channel = channelOf(address);
  return channel === 'sms' ? address : address.slice(channel.length + 1);
}

/** E.164: a plus sign and 7 to 15 digits. Numbers that nobody can own (555…) pass, since tests use them. */
export const isPhoneNumber = (address: string): boolean => /^\+[1-9]\d{6,14}$/.test(address);

export const isShortCode = (address: string): boolean => /^\d{3,8}$/.test(address);

/** A phone number or short code on SMS; on a channel anything that the channel may use as an identity. */
export function isDestination(address: string): boolean {
  const bare = withoutChannel(address);
  return channelOf(address) === 'sms' ? isPhoneNumber(bare) : /^[\w.+@-]{1,140}$/.test(bare);
}

/** The last four digits, by which the simulator decides what a carrier does with a message. */
export const lastFourDigits = (address: string): string => address.replace(/\D/g, '').slice(-4);

/** `+15550100026` → `+1555010XXXX`, as `ChannelToAddress` shows it. */
export function masked(address: string): string {
  const bare = withoutChannel(address);
  return bare.length > 4 ? `${bare.slice(0, -4)}XXXX` : bare;
}
