import * as z from 'zod';

const name = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'must be a word in lower case' });
const phoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, { error: 'must be a phone number, + and digits' });
const timeOfDay = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: 'must be a time of day, HH:MM, at most 24:00' });
const sentence = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^<>&{}]*$/, { error: 'must be plain text' });

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

const day = z
  .array(
    z
      .tuple([timeOfDay, timeOfDay])
      .refine(([from, until]) => from < until, { error: 'must begin before it ends; split it at midnight' }),
  )
  .max(6)
  .exactOptional();

/** When an office is open, on its own wall clock. */
export const Calendar = z.strictObject({
  timeZone: z.string().refine(isTimeZone, { error: 'must be a time zone such as America/New_York' }),
  weekly: z.strictObject({ mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day }),
  closedOn: z.array(z.iso.date()).max(100),
});
export type Calendar = z.infer<typeof Calendar>;

/** What a caller hears when everything else has failed; also the static document outside the failing path. */
export const FallbackSettings = z.strictObject({
  language: z.string().min(2).max(10),
  apology: sentence,
  farewell: sentence,
  /** A person who answers without us. @default straight to the voicemail */
  number: phoneNumber.exactOptional(),
});
export type FallbackSettings = z.infer<typeof FallbackSettings>;

/** What the flows leave to the environment: numbers, hours, workflows. */
export const VoiceSettings = z.strictObject({
  /** Flow of an inbound call by the number that was called. */
  numbers: z.record(phoneNumber, name),
  /** Flow of calls to numbers that are not listed. */
  defaultFlow: name,
  /** Numbers that flows dial, by name. */
  destinations: z.record(name, phoneNumber),
  /** TaskRouter workflows by name. */
  workflows: z.record(name, z.string().regex(/^WW[0-9a-f]{32}$/, { error: 'must be a WorkflowSid' })),
  calendars: z.record(name, Calendar),
  fallback: FallbackSettings,
});
export type VoiceSettings = z.infer<typeof VoiceSettings>;
