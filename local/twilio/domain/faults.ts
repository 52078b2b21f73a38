import * as z from 'zod';

const rate = z.number().min(0).max(1).default(0);
const span = z
  .strictObject({ min: z.number().int().min(0), max: z.number().int().min(0) })
  .refine(({ min, max }) => min <= max, { error: 'min must not exceed max' });

const createFaultNames = [
  'createFails429',
  'createFails5xxBefore',
  'createFails5xxAfterAccept',
  'createTimesOutBefore',
  'createTimesOutAfterAccept',
  'responseReset',
  'rubbish2xx',
] as const;

/** What can go wrong with one create request; at most one of them does. */
export type CreateFault = (typeof createFaultNames)[number];

/** The faults of `PUT /simulator/faults`; docs/simulator.md explains each. Unknown keys are refused. */
export const faultsSchema = z
  .strictObject({
    seed: z.union([z.string(), z.number()]).optional(),
    createFails429: rate,
    createFails5xxBefore: rate,
    createFails5xxAfterAccept: rate,
    createTimesOutBefore: rate,
    createTimesOutAfterAccept: rate,
    responseReset: rate,
    rubbish2xx: rate,
    nextCreates: z.array(z.enum([...createFaultNames, 'none'])).default([]),
    createDelayMs: span.optional(),
    callbackDuplicate: rate,
    callbackReorder: rate,
    callbackLost: rate,
    callbackDelayMs: span.optional(),
    callbackBeforeResponse: rate,
    voiceRequestLost: rate,
    voiceRequestFails5xx: rate,
    voiceAnswerLost: rate,
    voiceAnswerDelayMs: span.optional(),
    /** Leaves requests to fallback URLs alone. */
    voiceFallbackSpared: z.boolean().default(false),
    inboundLost: rate,
    inboundDuplicate: rate,
    inboundDelayMs: span.optional(),
    listLagMs: z
      .union([
        z
          .number()
          .int()
          .min(0)
          .transform((ms) => ({ min: ms, max: ms })),
        span,
      ])
      .optional(),
    undelivered: rate,
    noDeliveryReceipt: rate,
  })
  .refine((faults) => createFaultNames.reduce((sum, name) => sum + faults[name], 0) <= 1 + 1e-9, {
    error: 'the rates of the create faults exclude one another and must not add up to more than 1',
  });

export type Faults = z.output<typeof faultsSchema>;
export type FaultsInput = z.input<typeof faultsSchema>;

export const noFaults = (): Faults => faultsSchema.parse({});

/** One draw in [0, 1) chooses at most one fault, so that rates mean what they say. */
export function chooseCreateFault(faults: Faults, draw: number): CreateFault | undefined {
  let threshold = 0;
  for (const name of createFaultNames) {
    threshold += faults[name];
    if (draw < threshold) return name;
  }
  return undefined;
}
