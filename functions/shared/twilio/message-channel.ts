export type MessageChannel = 'sms' | 'mms' | 'whatsapp' | 'rcs' | 'other';

/**
 * Channel of an inbound message, by the prefix of its sender's address (Twilio channel addresses);
 * a plain number with media is MMS. Other prefixes, `messenger:` for one, are `other`.
 */
export const messageChannel = (from: string, mediaCount: number): MessageChannel => {
  const separator = from.indexOf(':');
  if (separator < 0) return mediaCount > 0 ? 'mms' : 'sms';
  const prefix = from.slice(0, separator);
  return prefix === 'whatsapp' || prefix === 'rcs' ? prefix : 'other';
};
