import * as z from 'zod';
import { faultsSchema } from './domain/faults.ts';

const sid = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`), `${prefix} and 32 hexadecimal digits`);
const webhookUrl = z
  .string()
  .refine((url) => /^https?:\/\//i.test(url) && URL.canParse(url), { error: 'an http or https URL' });

const apiKey = z.strictObject({ sid: sid('SK'), secret: z.string().min(1) });

const messagingService = z.strictObject({
  sid: sid('MG'),
  friendlyName: z.string().default('Simulated service'),
  /** Left out: the number's own webhook is used. `null`: inbound is disabled, messages vanish (as at Twilio). */
  inboundRequestUrl: webhookUrl.nullable().optional(),
  inboundMethod: z.enum(['GET', 'POST']).default('POST'),
  fallbackUrl: webhookUrl.optional(),
  statusCallback: webhookUrl.optional(),
  useInboundWebhookOnNumber: z.boolean().default(false),
  /** Tells `OptOutType` to the webhook and extends the filter to short codes and WhatsApp. */
  advancedOptOut: z.boolean().default(false),
  /** Whether a send to somebody who opted out is refused at once or created and then failed, both with 21610. */
  optOutFailure: z.enum(['sync', 'async']).default('async'),
});

const phoneNumber = z.strictObject({
  phoneNumber: z.string().min(1),
  sid: sid('PN').optional(),
  friendlyName: z.string().optional(),
  messagingServiceSid: sid('MG').optional(),
  smsUrl: webhookUrl.optional(),
  smsMethod: z.enum(['GET', 'POST']).default('POST'),
  smsFallbackUrl: webhookUrl.optional(),
  voiceUrl: webhookUrl.optional(),
  voiceMethod: z.enum(['GET', 'POST']).default('POST'),
  voiceFallbackUrl: webhookUrl.optional(),
  voiceFallbackMethod: z.enum(['GET', 'POST']).default('POST'),
  statusCallback: webhookUrl.optional(),
  smsCapable: z.boolean().default(true),
  mmsCapable: z.boolean().default(true),
});

const activity = z.strictObject({
  sid: sid('WA').optional(),
  friendlyName: z.string().min(1),
  available: z.boolean(),
});

const workspace = z.strictObject({
  sid: sid('WS'),
  friendlyName: z.string().default('Simulated workspace'),
  eventCallbackUrl: webhookUrl.optional(),
  /** Event types, separated by commas; all of them if empty. */
  eventsFilter: z.string().default(''),
  activities: z.array(activity).default([
    { friendlyName: 'Offline', available: false },
    { friendlyName: 'Available', available: true },
    { friendlyName: 'Unavailable', available: false },
  ]),
  /** Where a worker goes who let a reservation time out. */
  timeoutActivity: z.string().default('Offline'),
  taskQueues: z
    .array(
      z.strictObject({
        sid: sid('WQ'),
        friendlyName: z.string(),
        targetWorkers: z.string().default('1==1'),
        maxReservedWorkers: z.number().int().min(1).default(1),
      }),
    )
    .default([]),
  workflows: z
    .array(
      z.strictObject({
        sid: sid('WW'),
        friendlyName: z.string(),
        /** As Twilio has it: `{task_routing: {filters: [...], default_filter: {queue}}}`. */
        configuration: z.record(z.string(), z.unknown()),
        assignmentCallbackUrl: webhookUrl.or(z.literal('')).default(''),
        fallbackAssignmentCallbackUrl: webhookUrl.or(z.literal('')).default(''),
        taskReservationTimeout: z.number().int().min(1).max(86_400).default(120),
      }),
    )
    .default([]),
  workers: z
    .array(
      z.strictObject({
        sid: sid('WK'),
        friendlyName: z.string(),
        attributes: z.record(z.string(), z.unknown()).default({}),
        /** By name. */
        activity: z.string().default('Available'),
      }),
    )
    .default([]),
});

const account = z.strictObject({
  accountSid: sid('AC'),
  authToken: z.string().min(1),
  secondaryAuthToken: z.string().min(1).optional(),
  friendlyName: z.string().default('Simulated account'),
  ownerAccountSid: sid('AC').optional(),
  apiKeys: z.array(apiKey).default([]),
  messagingServices: z.array(messagingService).default([]),
  numbers: z.array(phoneNumber).default([]),
  /** TaskRouter workspaces. */
  taskRouter: z.array(workspace).default([]),
  /** Calls that the API may dial each second; more wait in the account's queue. */
  callsPerSecond: z.number().min(0.1).max(100_000).default(1),
});

const ms = (fallback: number) => z.number().int().min(0).default(fallback);

const timing = z
  .strictObject({
    queuedMs: ms(20),
    sendingMs: ms(40),
    sentMs: ms(100),
    deliveredMs: ms(400),
    readMs: ms(800),
    inboundMs: ms(0),
    /** How long a create that times out keeps its socket open. */
    hangMs: ms(60_000),
    /** From dialing to the first ringing. */
    callSetupMs: ms(500),
    /** From the end of a recording until its sound is there. */
    recordingMs: ms(1000),
    /** Length of an audio file that is played. */
    playMs: ms(5000),
  })
  .prefault({});

/** What a configuration file of `trunkline simulator` may hold. */
export const simulatorSettingsSchema = z
  .strictObject({
    host: z.string().default('127.0.0.1'),
    port: z.number().int().min(0).max(65535).default(0),
    /** The address that media URLs in webhooks begin with, where it is not the one listened on. */
    publicUrl: webhookUrl.optional(),
    seed: z.union([z.string(), z.number()]).default(1),
    accounts: z.array(account).min(1),
    faults: faultsSchema.prefault({}),
    timing,
    /** Create requests beyond this many at once are refused with 20429. */
    maxConcurrentCreates: z.number().int().min(1).optional(),
    stateFile: z.string().min(1).optional(),
  })
  .superRefine(({ accounts }, context) => {
    for (const [index, { numbers, messagingServices }] of accounts.entries()) {
      for (const { phoneNumber, messagingServiceSid } of numbers) {
        if (
          messagingServiceSid &&
          !messagingServices.some((service) => service.sid === messagingServiceSid)
        ) {
          context.addIssue({
            code: 'custom',
            path: ['accounts', index, 'numbers'],
            message: `${phoneNumber} names the unknown Messaging Service ${messagingServiceSid}`,
          });
        }
      }
    }
  });

export type SimulatorSettingsInput = z.input<typeof simulatorSettingsSchema>;
export type SimulatorSettings = z.output<typeof simulatorSettingsSchema>;
export type AccountSettings = SimulatorSettings['accounts'][number];
export type MessagingServiceSettings = AccountSettings['messagingServices'][number];
export type WorkspaceSettings = AccountSettings['taskRouter'][number];
export type Timing = SimulatorSettings['timing'];
