/** Parts that every claim is made of. */
export type Fields = ReadonlyMap<string, readonly string[]>;

export interface Received {
  readonly accountSid: string;
  /** ISO 8601 with milliseconds. */
  readonly receivedAt: string;
}

/** Event id: item key, version (claims are never rewritten: 1) and ordinal. */
export const envelope = (received: Received, key: string, ordinal: number, correlationId: string) => ({
  id: `inbox/${key}/1/${ordinal}`,
  time: received.receivedAt,
  accountSid: received.accountSid,
  correlationId,
});

export const only = (fields: Fields, name: string): string => fields.get(name)?.[0] ?? '';

/** The attribute, unless there is nothing to say. */
export const named = <Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [N in Name]?: string } => {
  const entry: { [N in Name]?: string } = {};
  if (value !== undefined && value !== '') entry[name] = value;
  return entry;
};

/** The attribute as a whole number from `least` on, unless it is none. */
export const counted = <Name extends string>(
  name: Name,
  text: string,
  least = 0,
): { readonly [N in Name]?: number } => {
  const entry: { [N in Name]?: number } = {};
  if (/^\d{1,15}$/.test(text) && Number(text) >= least) entry[name] = Number(text);
  return entry;
};

/** The attribute as ISO 8601, unless it is no time that a clock of our days shows. */
export const timed = <Name extends string>(name: Name, text: string): { readonly [N in Name]?: string } => {
  const entry: { [N in Name]?: string } = {};
  const milliseconds = epochMilliseconds(text);
  if (milliseconds >= EARLIEST && milliseconds <= LATEST) entry[name] = new Date(milliseconds).toISOString();
  return entry;
};

/** Epoch seconds, epoch milliseconds, RFC 2822 or ISO 8601: all of them occur. */
const epochMilliseconds = (text: string): number => {
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1000;
  return /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(text);
};

const EARLIEST = Date.parse('2008-01-01T00:00:00Z');
const LATEST = Date.parse('2100-01-01T00:00:00Z');
