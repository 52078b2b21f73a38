import * as z from 'zod';

const flag = z.union([z.boolean(), z.literal(['true', 'false']).transform((text) => text === 'true')]);

/** What an assignment callback may answer; unknown fields are let pass. */
const instructionSchema = z.discriminatedUnion('instruction', [
  z.looseObject({ instruction: z.literal('accept') }),
  z.looseObject({ instruction: z.literal('reject'), activity_sid: z.string().optional() }),
  z.looseObject({
    instruction: z.literal('dequeue'),
    to: z.string().optional(),
    from: z.string().optional(),
    timeout: z.coerce.number().optional(),
    post_work_activity_sid: z.string().optional(),
    status_callback_url: z.string().optional(),
  }),
  z.looseObject({
    instruction: z.literal('call'),
    to: z.string().optional(),
    from: z.string(),
    url: z.string(),
    accept: flag.default(false),
    timeout: z.coerce.number().optional(),
    status_callback_url: z.string().optional(),
  }),
  z.looseObject({
    instruction: z.literal('redirect'),
    call_sid: z.string(),
    url: z.string(),
    accept: flag.default(false),
  }),
]);

export type Instruction = z.output<typeof instructionSchema>;

export type ReadInstruction =
  | { readonly kind: 'instruction'; readonly instruction: Instruction }
  /** Nothing to do now: the reservation is settled later by API. */
  | { readonly kind: 'later' }
  | { readonly kind: 'error'; readonly errorCode: number; readonly detail: string };

/** Errors 40000 (type), 40001 (no JSON) and 40005 (no instruction, which is a warning: it may come by API). */
export function readInstruction(contentType: string | undefined, body: string): ReadInstruction {
  if (body.trim() === '') return { kind: 'later' };
  if (!/^application\/json\b/i.test(contentType ?? '')) {
    return { kind: 'error', errorCode: 40000, detail: `Content-Type is ${contentType ?? 'absent'}` };
  }
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return { kind: 'error', errorCode: 40001, detail: 'the answer is not JSON' };
  }
  return judge(answer);
}

function judge(answer: unknown): ReadInstruction {
  const named = z.looseObject({ instruction: z.string().optional() }).safeParse(answer);
  if (!named.success) return { kind: 'error', errorCode: 40001, detail: 'the answer is not a JSON object' };
  if (named.data.instruction === undefined) return { kind: 'later' };
  const parsed = instructionSchema.safeParse(answer);
  if (parsed.success) return { kind: 'instruction', instruction: parsed.data };
  return { kind: 'error', errorCode: 40001, detail: z.prettifyError(parsed.error) };
}
