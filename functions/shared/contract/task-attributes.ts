/**
 * What a hand-off may say of a caller: nothing. Attributes of a task are shown to whoever sees the task, are copied into
 * events, and are redacted by Twilio only after 30 days (fact sheet: TaskRouter's OpenAPI description, `x-twilio.pii`).
 */
export interface PersonalAttribute {
  /** Path of the attribute, `customer.phone`. */
  readonly name: string;
  readonly why: 'a number' | 'an e-mail address' | 'a name for a person' | 'free text' | 'not an object';
}

/** Twilio itself puts these on a task of the voice channel (https://www.twilio.com/docs/taskrouter/twiml-queue-calls). */
const TWILIOS_OWN = new Set([
  ...['call_sid', 'account_sid', 'api_version', 'direction', 'call_status', 'from', 'to', 'caller', 'called'],
  ...['from_city', 'from_state', 'from_zip', 'from_country', 'to_city', 'to_state', 'to_zip', 'to_country'],
  ...['caller_city', 'caller_state', 'caller_zip', 'caller_country'],
  ...['called_city', 'called_state', 'called_zip', 'called_country', 'caller_name', 'conference'],
]);

/** Names that can only mean a person or a way to reach one, whatever their value. */
const PERSONAL_NAME =
  /(?:^|_)(?:phone|mobile|msisdn|email|e_mail|first_?name|last_?name|full_?name|surname|birth|dob|ssn|patient|diagnosis|address|street|zip|postcode)(?:_|$)/i;
const NUMBER = /\+?\d[\d ().-]{6,}\d/;
const EMAIL = /[^\s@]+@[^\s@]+\.[^\s@]+/;
/** References, words and counts are shorter, and have no sentences. */
const LONGEST_REFERENCE = 100;

/**
 * Findings of personal data among a hand-off's attributes; none: it may go out. SIDs, hexadecimal ids and words pass; what
 * Twilio adds by itself is not ours to judge.
 */
export function personalDataIn(attributes: string | object): readonly PersonalAttribute[] {
  const value = typeof attributes === 'string' ? parse(attributes) : attributes;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ name: '', why: 'not an object' }];
  return Object.entries(value).flatMap(([name, inner]) =>
    TWILIOS_OWN.has(name) ? [] : findingsAt(name, inner),
  );
}

function findingsAt(path: string, value: unknown): readonly PersonalAttribute[] {
  const name = path.slice(path.lastIndexOf('.') + 1).replace(/([a-z])([A-Z])/g, '$1_$2');
  if (PERSONAL_NAME.test(name)) return [{ name: path, why: 'a name for a person' }];
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([inner, innerValue]) => findingsAt(`${path}.${inner}`, innerValue));
  const why = typeof value === 'string' || typeof value === 'number' ? whyPersonal(String(value)) : undefined;
  return why === undefined ? [] : [{ name: path, why }];
}

function whyPersonal(text: string): PersonalAttribute['why'] | undefined {
  // A SID or a UUID is a reference, whatever digits it has.
  if (/^[A-Za-z]{2}[0-9a-f]{32}$|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return undefined;
  if (EMAIL.test(text)) return 'an e-mail address';
  if (NUMBER.test(text) && !ISO_TIME.test(text)) return 'a number';
  return text.length > LONGEST_REFERENCE ? 'free text' : undefined;
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z)?$/;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
