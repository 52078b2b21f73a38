import * as z from 'zod';
import { ConsentSettings } from '../../functions/shared/contract/consent-settings.ts';
import { VoiceSettings } from '../../functions/shared/contract/flows/voice-settings.ts';
import { AutoResponder, accountSidPattern, SenderPool } from '../../functions/shared/contract/settings.ts';
import type { TABLES } from '../../functions/shared/contract/tables.ts';
import { TaskRouterConfiguration } from './task-instructions.ts';

/**
 * `config/environments/<name>.json`: everything that differs between deployments. Strict throughout: a key that
 * nothing reads is a mistake. Figures are in the unit that ends their name.
 */
const domainName = z.string().regex(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, {
  error: 'must be a domain name in lower case',
});
const origin = z.string().regex(/^https?:\/\/[A-Za-z0-9.-]+(:\d+)?$/, {
  error: 'must be an origin: scheme and host, without a path or a trailing slash',
});
const certificateArn = z.string().regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/, {
  error: 'must be the ARN of an ACM certificate',
});

/** Requests per second, and the bucket above it (API Gateway's token bucket). */
const Throttle = z.strictObject({
  rateLimit: z.int().min(1).max(10_000),
  burstLimit: z.int().min(1).max(5_000),
});

const MutualTls = z.strictObject({
  /** Where API Gateway reads the certificate authorities that clients may present. */
  truststoreUri: z
    .string()
    .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.+[^/]$/, { error: 'must be an s3://bucket/key URI' }),
  truststoreVersion: z.string().min(1).optional(),
});

const Hooks = z.strictObject({
  /** Canonical origin where neither a custom domain nor the API's own endpoint is what Twilio calls. */
  origin: origin.optional(),
  domain: z.strictObject({ name: domainName, certificateArn }).optional(),
  throttle: Throttle,
});

const Application = z.strictObject({
  domain: z.strictObject({ name: domainName, certificateArn, mutualTls: MutualTls.optional() }).optional(),
  throttle: Throttle,
  /** The two routes that need no token. */
  openRouteThrottle: Throttle,
});

const Authentication = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('cognito'),
    /** Prefix of the user pool's domain; unique in the region. */
    domainPrefix: z.string().regex(/^(?!.*(aws|amazon|cognito))[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
    accessTokenMinutes: z.int().min(5).max(1440),
  }),
  z.strictObject({
    kind: z.literal('oidc'),
    issuer: z.url({ protocol: /^https?$/ }),
    audience: z.array(z.string().min(1)).min(1),
  }),
]);

const tableName = z.string().regex(/^[A-Za-z0-9_.-]{3,255}$/);
const tableNames = z.strictObject({
  inbox: tableName.optional(),
  messaging: tableName.optional(),
  voice: tableName.optional(),
  consent: tableName.optional(),
  timeline: tableName.optional(),
} satisfies Record<keyof typeof TABLES, z.ZodType>);

/** The only retentions that CloudWatch Logs accepts. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const logRetentionDays = z.int().refine((days) => LOG_RETENTION_DAYS.includes(days), {
  error: `must be one of the retentions of CloudWatch Logs: ${LOG_RETENTION_DAYS.join(', ')}`,
});

export const EnvironmentConfiguration = z.strictObject({
  account: z.string().regex(/^\d{12}$/, { error: 'must be a 12-digit AWS account id' }),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: 'must be an AWS region' }),
  /** True on one machine only: allows plain http and test numbers. */
  local: z.boolean().default(false),
  links: z.strictObject({
    /** Directory of the runbooks on the web; `<alarm>.md` is appended. */
    runbooks: z.url({ protocol: /^https$/ }),
  }),
  twilio: z.strictObject({
    baseUrl: origin,
    accounts: z.array(z.string().regex(accountSidPattern, { error: 'must be an AccountSid' })).min(1),
    /** The secret of an account is `<prefix><AccountSid>`. */
    secretPrefix: z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,200}$/),
  }),
  hooks: Hooks,
  application: Application,
  auth: Authentication,
  pools: z.array(SenderPool).min(1),
  consent: ConsentSettings,
  autoResponder: AutoResponder,
  /** What TaskRouter is told of a reservation; by default the agents' desktop decides. */
  taskRouter: TaskRouterConfiguration.default({ workflows: [], otherWorkflows: { instruction: 'later' } }),
  voice: VoiceSettings.extend({
    /** Executions that nothing else can take away from callers on the line. */
    reservedConcurrency: z.int().min(1).max(10_000),
    /** Static document of another host. @default the deployment's own, on CloudFront */
    fallbackUrl: z.url({ protocol: /^https?$/ }).optional(),
  }),
  /** Accept test numbers, which no numbering plan allows; `local` only. */
  acceptTestNumbers: z.boolean().default(false),
  /** Physical names, for a restored table; `trunkline-<env>-<table>` where absent. */
  tables: tableNames.default({}),
  protection: z.strictObject({
    deletionProtection: z.boolean(),
    pointInTimeRecovery: z.boolean(),
    /** Keep tables, keys, bus and user pool when their stack is deleted. */
    retainOnDelete: z.boolean(),
  }),
  retention: z.strictObject({
    inboxDays: z.int().min(1).max(400),
    timelineDays: z.int().min(1).max(3650),
    logDays: logRetentionDays,
  }),
  ingress: z.strictObject({
    /** Executions that sends cannot take away from webhooks, and webhooks cannot exceed. */
    reservedConcurrency: z.int().min(1).max(10_000),
  }),
  consumers: z.strictObject({
    /** Batches in flight at most per consumer of the bus (SQS event sources start at 2). */
    maximumConcurrency: z.int().min(2).max(1000),
  }),
  alarms: z.strictObject({
    /** Who is told of pages and of tickets; subscribe a pager to the topics as well. */
    pageEmails: z.array(z.email()),
    ticketEmails: z.array(z.email()),
  }),
});

export type EnvironmentConfiguration = z.infer<typeof EnvironmentConfiguration>;

/** A validated configuration and the environment it belongs to; what every stack is built from. */
export interface Environment {
  readonly name: string;
  readonly configuration: EnvironmentConfiguration;
}
