import * as z from 'zod';

const envelope = {
  id: z.string().min(1).max(300),
  /** When the state change was written, ISO 8601 with milliseconds. */
  time: z.iso.datetime(),
  accountSid: z.string(),
  /** Joins one business story: the caller's id, or the MessageSid of the text that began it. */
  correlationId: z.string().min(1).max(200),
  /** Id of the event that led to this one; absent at the start of a story. */
  causationId: z.string().optional(),
};

/** The schema of one event: the envelope that all have, its type and its data. */
export const event = <Type extends string, Data extends z.ZodRawShape>(type: Type, data: Data) =>
  z.object({ ...envelope, type: z.literal(type), data: z.object(data) });

export const messageSid = z.string().regex(/^(SM|MM)[0-9a-f]{32}$/);
export const callSid = z.string().regex(/^CA[0-9a-f]{32}$/);
