import * as z from 'zod';
import { campaignName, MachineDetection, poolUse, TrafficClass } from '../settings.ts';
import { correlationId, instant } from './fields.ts';

const smsBody = z
  .string()
  .min(1)
  .max(1600)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'has a character that no message can carry');

export const PlaceCallRequest = z.strictObject({
  to: z.string().min(3).max(160).describe('E.164 number to call, e.g. +14155550123'),
  flow: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/)
    .describe('Name of the flow that speaks with whoever answers.'),
  context: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/), z.string().max(500))
    .refine((context) => Object.keys(context).length <= 30, 'has more than 30 values')
    .default({})
    .describe('What the flow knows from the start. Kept as content, erased with it.'),
  trafficClass: TrafficClass,
  machineDetection: MachineDetection.exactOptional().describe(
    'detect: the flow is told what answered. message-end: besides, a message can be left after the greeting. background: only the record is told.',
  ),
  sendAt: instant.exactOptional().describe('Not before this time.'),
  deadline: instant
    .exactOptional()
    .describe("No attempt begins after it; by default the sender pool's, counted from sendAt or now."),
  smsFallback: z
    .strictObject({ body: smsBody, trafficClass: TrafficClass.exactOptional() })
    .exactOptional()
    .describe('Sent where no attempt reached anybody, if the recipient consented to texts of that class.'),
  use: poolUse.exactOptional().describe('Which of the pools of its traffic class places it.'),
  campaign: campaignName.exactOptional(),
  correlationId: correlationId.exactOptional(),
  tags: z
    .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/))
    .max(10)
    .exactOptional(),
});
export type PlaceCallRequest = z.infer<typeof PlaceCallRequest>;

export const CallView = z.object({
  id: z.string(),
  state: z.string().describe('PENDING, ARMED, ACCEPTED, REJECTED, SUPPRESSED, EXPIRED, UNKNOWN or PARKED.'),
  status: z.string().optional().describe("Twilio's status of the last call, highest ranked of all reports."),
  callSid: z.string().optional().describe("Twilio's last call for it."),
  earlierCalls: z
    .array(z.object({ callSid: z.string(), status: z.string(), sipResponseCode: z.int().optional() }))
    .optional()
    .describe('Attempts that reached nobody, oldest first.'),
  sipResponseCode: z.int().optional(),
  errorCode: z.int().optional().describe('Twilio error code.'),
  reason: z.string().optional(),
  channel: z.literal('voice'),
  flow: z.string(),
  trafficClass: TrafficClass,
  pool: z.string(),
  attempts: z.int(),
  correlationId: z.string(),
  tags: z.array(z.string()).optional(),
  createdAt: instant,
  updatedAt: instant,
  sendAt: instant.optional(),
  deadline: instant,
});
export type CallView = z.infer<typeof CallView>;

export const AcceptedCall = z.object({ id: z.string(), state: z.string() });
export type AcceptedCall = z.infer<typeof AcceptedCall>;
