import * as z from 'zod';
import type { Flow, State } from './flow.ts';

const word = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, {
  error: 'must be a word: lower case, digits, hyphens, at most 40 characters',
});
const stateId = word;
/** Twilio reads at most 3,000 characters with a Polly voice (error 13521 and the Say reference). */
const say = z
  .string()
  .min(1)
  .max(3000)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not stand in a prompt
  .regex(/^[^<>&\u0000-\u001f\ud800-\udfff]*$/u, {
    error: 'must be plain text: no markup, no control characters',
  });
/** No query and no placeholder: nothing about a caller can get into the address. */
const recordingUrl = z
  .string()
  .max(500)
  .regex(/^https:\/\/[A-Za-z0-9.-]+(:\d+)?\/[A-Za-z0-9._~/-]+$/, {
    error: 'must be an https address without query, fragment or placeholder',
  });
const prompt = z.union([z.strictObject({ say }), z.strictObject({ play: recordingUrl })]);
const prompts = z.array(prompt).max(10);
const spokenPrompts = prompts.min(1);
const seconds = (least: number, most: number) => z.int().min(least).max(most);

const lastWay = z.strictObject({ again: prompts, to: stateId });
const asks = {
  prompt: spokenPrompts,
  timeoutSeconds: seconds(1, 60),
  attempts: z.int().min(1).max(5),
  silence: lastWay,
  mismatch: lastWay,
  hangUp: word.exactOptional(),
};

const kinds = [
  z.strictObject({ kind: z.literal('say'), prompt: spokenPrompts, next: stateId }),
  z.strictObject({
    kind: z.literal('menu'),
    ...asks,
    options: z
      .array(
        z.strictObject({
          key: z.string().regex(/^[0-9*#]$/, { error: 'must be one key: 0-9, * or #' }),
          // Twilio takes 500 hints of 100 characters (Gather reference).
          phrases: z
            .array(
              z.string().regex(/^[\p{Ll}\p{Lo}\p{M}0-9][\p{Ll}\p{Lo}\p{M}0-9' -]{0,59}$/u, {
                error: 'must be lower case, at most 60 characters',
              }),
            )
            .min(1)
            .max(20)
            .exactOptional(),
          to: stateId,
        }),
      )
      .min(1)
      .max(12),
  }),
  z.strictObject({
    kind: z.literal('gather'),
    ...asks,
    slot: word,
    input: z.enum(['digits', 'speech']),
    minimumLength: z.int().min(1).max(500),
    maximumLength: z.int().min(1).max(500),
    secret: z.boolean().exactOptional(),
    next: stateId,
  }),
  z.strictObject({ kind: z.literal('hours'), calendar: word, open: stateId, closed: stateId }),
  z.strictObject({
    kind: z.literal('choose'),
    value: word,
    cases: z.record(z.string().min(1).max(100), stateId),
    otherwise: stateId,
  }),
  z.strictObject({
    kind: z.literal('limit'),
    visits: z.int().min(1).max(10),
    within: stateId,
    beyond: stateId,
  }),
  z.strictObject({ kind: z.literal('redirect'), flow: word }),
  z.strictObject({ kind: z.literal('sub-flow'), flow: word, returns: z.record(word, stateId) }),
  z.strictObject({ kind: z.literal('return'), outcome: word }),
  z.strictObject({
    kind: z.literal('dial'),
    destinations: z.array(word).min(1).max(5),
    ringSeconds: seconds(5, 600),
    maximumSeconds: seconds(60, 14_400),
    whisper: spokenPrompts.exactOptional(),
    record: z.boolean().exactOptional(),
    answered: stateId,
    unanswered: stateId,
    hangUp: word.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('enqueue'),
    to: z.union([
      // 64 characters and 5,000 callers are Twilio's limits (Enqueue reference).
      z.strictObject({ queue: word, maximumSize: z.int().min(1).max(5000) }),
      z.strictObject({ workflow: word }),
    ]),
    wait: z.strictObject({
      prompt: prompts,
      music: recordingUrl.exactOptional(),
      // Twilio asks again whenever a document ends: short ones would be a hot loop.
      everySeconds: seconds(10, 120),
    }),
    maximumWaitSeconds: seconds(10, 7200),
    attributes: z.array(word).max(10).exactOptional(),
    bridged: stateId,
    timedOut: stateId,
    full: stateId,
    failed: stateId,
    hangUp: word.exactOptional(),
  }),
  z.strictObject({
    kind: z.enum(['record', 'voicemail']),
    prompt: spokenPrompts,
    maximumSeconds: seconds(5, 3600),
    silenceSeconds: seconds(1, 60),
    recorded: stateId,
    empty: stateId,
    hangUpAfterSpeaking: word,
    hangUp: word.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('recording-notice'),
    granted: stateId,
    refused: stateId,
    hangUp: word.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('report'), word, next: stateId }),
  z.strictObject({ kind: z.literal('hang-up'), prompt: prompts, outcome: word }),
] as const;

const StateSchema: z.ZodType<State> = z.discriminatedUnion('kind', kinds);

/** The shape of a flow; what its states mean together is judged by the checker (functions/voice/domain/check). */
export const FlowSchema: z.ZodType<Flow> = z.strictObject({
  name: word,
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Z][A-Za-z0-9]{1,3})?$/, { error: 'must be a language tag such as en-US' }),
  voice: z
    .string()
    .regex(/^(man|woman|alice|(Polly|Google)\.[A-Za-z0-9-]{1,60})$/, {
      error: "must be one of Twilio's voices",
    })
    .exactOptional(),
  context: z
    .record(
      word,
      z.strictObject({
        kind: z.enum(['text', 'digits']),
        maximumLength: z.int().min(1).max(200),
        isShareable: z.boolean().exactOptional(),
      }),
    )
    .exactOptional(),
  start: stateId,
  hangUp: word,
  maximumSteps: z.int().min(1).max(200),
  states: z.record(stateId, StateSchema),
});
