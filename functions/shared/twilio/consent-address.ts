/**
 * The address that consent is kept for: a phone number is one person's on every channel, so Twilio's channel prefix is
 * left out; ids that are no numbers (WhatsApp's business-scoped ones) stay apart by it.
 */
export const consentAddress = (address: string): string => {
  const number = /^[a-z]+:(\+\d{5,15})$/.exec(address)?.[1];
  return number ?? address;
};
