import * as z from 'zod';
import { lastFourDigits } from '../address.ts';

const milliseconds = z.number().int().min(0).max(86_400_000);

/** What a person does when the call asks for something: one step for each question that it fits. */
export const scriptStepSchema = z
  .strictObject({
    /** Which question it answers; the next one if left out. */
    on: z.enum(['gather', 'record', 'queue', 'bridge']).optional(),
    keys: z
      .string()
      .regex(/^[0-9A-D*#]+$/i, 'keys are 0-9, A-D, * and #')
      .optional(),
    speech: z.string().min(1).max(4000).optional(),
    hangUp: z.boolean().default(false),
    /** From the beginning of the question; by default half a second after the prompts are over. */
    afterMs: milliseconds.optional(),
  })
  .refine(
    ({ keys, speech }) => keys === undefined || speech === undefined,
    'a step presses keys or speaks, not both',
  );

export const callScriptSchema = z.array(scriptStepSchema).max(1000);
export type CallScript = z.output<typeof callScriptSchema>;
export type ScriptStep = CallScript[number];

/** What a phone does when it is called. Unknown keys are refused. */
export const phoneBehaviourSchema = z.strictObject({
  outcome: z
    .enum(['answers', 'busy', 'rings-out', 'rejects', 'unreachable', 'carrier-fails', 'by-hand'])
    .default('answers'),
  /** How long it rings before it is answered or rejected. */
  ringMs: milliseconds.default(2000),
  answeredBy: z.enum(['human', 'machine', 'fax', 'unknown']).default('human'),
  /** Length of a machine's greeting, and how it ends. */
  greetingMs: milliseconds.default(8000),
  greetingEnd: z.enum(['beep', 'silence', 'other']).default('beep'),
  hangsUpAfterMs: milliseconds.optional(),
  script: callScriptSchema.default([]),
});

export type PhoneBehaviour = z.output<typeof phoneBehaviourSchema>;
export type PhoneBehaviourInput = z.input<typeof phoneBehaviourSchema>;

const byLastFour: ReadonlyMap<string, PhoneBehaviourInput> = new Map<string, PhoneBehaviourInput>([
  ['4404', { outcome: 'unreachable' }],
  ['4486', { outcome: 'busy' }],
  ['4487', { outcome: 'rings-out' }],
  ['4503', { outcome: 'carrier-fails' }],
  ['4603', { outcome: 'rejects' }],
  ['4700', { answeredBy: 'machine', greetingEnd: 'beep' }],
  ['4701', { answeredBy: 'machine', greetingEnd: 'silence' }],
  ['4702', { answeredBy: 'machine', greetingEnd: 'other' }],
  ['4703', { answeredBy: 'fax' }],
  ['4704', { answeredBy: 'unknown' }],
  ['4800', { hangsUpAfterMs: 3000 }],
]);

/** The behaviour written in the number (docs/simulator.md has the table); everybody else picks up and says nothing. */
export const behaviourFor = (address: string): PhoneBehaviour =>
  phoneBehaviourSchema.parse(byLastFour.get(lastFourDigits(address)) ?? {});
