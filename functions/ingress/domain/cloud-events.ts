import { isJsonObject, type JsonObject, parseJson } from './json.ts';

/** What the platform needs to know of one CloudEvent of Event Streams; the payload keeps the rest. */
export interface CloudEvent {
  readonly id: string;
  readonly type: string;
  readonly resourceSid?: string;
}

/** Twilio sends one event a request today and documents an array. */
const MAXIMUM_EVENTS = 100;
const IDENTIFIER = /^[\x21-\x7e]{1,128}$/;
const RESOURCE_SID = /^[A-Z]{2}[0-9a-f]{32}$/;
/** Both spellings occur among Twilio's schemas. */
const RESOURCE_NAMES = ['messageSid', 'MessageSid', 'callSid', 'CallSid', 'verification_sid', 'sid'];

/** @returns undefined if the body is not one CloudEvent or an array of 1 to 100. */
export const readCloudEvents = (body: string): readonly CloudEvent[] | undefined => {
  const parsed = parseJson(body);
  const values = Array.isArray(parsed) ? parsed : [parsed];
  if (values.length === 0 || values.length > MAXIMUM_EVENTS) return undefined;
  const events = values.map(readCloudEvent);
  return events.every((event) => event !== undefined) ? events : undefined;
};

const readCloudEvent = (value: unknown): CloudEvent | undefined => {
  if (!isJsonObject(value)) return undefined;
  const { id, type, data } = value;
  if (typeof id !== 'string' || typeof type !== 'string') return undefined;
  if (!IDENTIFIER.test(id) || !IDENTIFIER.test(type)) return undefined;
  const resourceSid = isJsonObject(data) ? findResourceSid(data) : undefined;
  return { id, type, ...(resourceSid !== undefined && { resourceSid }) };
};

const findResourceSid = (data: JsonObject): string | undefined =>
  RESOURCE_NAMES.map((name) => data[name]).find(
    (value): value is string => typeof value === 'string' && RESOURCE_SID.test(value),
  );
