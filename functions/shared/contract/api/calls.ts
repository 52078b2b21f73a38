import * as z from 'zod';
import { TrafficClass } from '../settings.ts';
import { instant } from './fields.ts';

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
