import * as z from 'zod';

/** Shapes of `config/error-policy/`: what is done about Twilio's error codes, as data. */

const name = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);
const sentence = z
  .string()
  .min(10)
  .max(220)
  .regex(/[.!?]$/, { error: 'must be a sentence' });

/** Further tries at most, and how long the first waits; each next one waits twice as long, up to the cap, with jitter. */
const RetryRule = z.strictObject({
  tries: z.int().min(0).max(10),
  afterSeconds: z.int().min(0).max(86_400),
  capSeconds: z.int().min(0).max(86_400),
});
export type RetryRule = z.infer<typeof RetryRule>;

/**
 * When failures of one kind stop their sender by themselves: so many of the messages sent within the window, and this share
 * of them. `stops`: the campaign of the messages, where they have one, or the whole pool.
 */
const Trouble = z.strictObject({
  windowMinutes: z.int().min(5).max(240),
  minimumFailures: z.int().min(2).max(100_000),
  rate: z.number().gt(0).max(1),
  stops: z.enum(['campaign', 'pool']),
});
export type Trouble = z.infer<typeof Trouble>;

const effects = {
  retry: name,
  /** `opt-out`: the consent of the address ends. */
  consent: z.enum(['none', 'opt-out']),
  /** What it says of the address. */
  contact: z.enum(['none', 'invalid', 'soft-bounce', 'blocked']),
  /** Counts towards this trouble of its pool, or `none`. */
  pool: name,
  /** Of docs/runbooks/. */
  runbook: name,
};

const ErrorClass = z.strictObject({ says: z.string().min(10).max(160), ...effects });
export type ErrorClass = z.infer<typeof ErrorClass>;

const entry = { class: name, meaning: sentence, nextAction: sentence, source: name };

/** One code; what it does not say is said by its class. */
export const ErrorCodeEntry = z.strictObject({
  code: z.int().min(10_000).max(99_999),
  ...entry,
  retry: effects.retry.exactOptional(),
  consent: effects.consent.exactOptional(),
  contact: effects.contact.exactOptional(),
  pool: effects.pool.exactOptional(),
  runbook: effects.runbook.exactOptional(),
});
export type ErrorCodeEntry = z.infer<typeof ErrorCodeEntry>;

/** One file of codes; each lies in one of the ranges. */
export const ErrorCodeFile = z.strictObject({
  ranges: z.array(z.tuple([z.int(), z.int()])).min(1),
  codes: z.array(ErrorCodeEntry).min(1),
});
export type ErrorCodeFile = z.infer<typeof ErrorCodeFile>;

export const ErrorPolicyDocument = z.strictObject({
  /** Where facts are from, each with its date. */
  sources: z.record(name, z.string().regex(/\b20\d\d-\d\d\b/, { error: 'must say of which date it is' })),
  retries: z.record(name, RetryRule),
  troubles: z.record(name, Trouble),
  classes: z.record(name, ErrorClass),
  unknownCode: z.strictObject(entry),
});
export type ErrorPolicyDocument = z.infer<typeof ErrorPolicyDocument>;
