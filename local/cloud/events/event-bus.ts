import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { EventMatcher } from './event-pattern.ts';
import { type RuleIdentity, type TargetInput, targetInput } from './input-transformer.ts';

export interface RuleTarget extends TargetInput {
  readonly Id: string;
  readonly Arn: string;
  readonly SqsParameters?: { readonly MessageGroupId: string } | undefined;
  readonly DeadLetterConfig?: { readonly Arn?: string | undefined } | undefined;
  readonly RetryPolicy?:
    | {
        readonly MaximumRetryAttempts?: number | undefined;
        readonly MaximumEventAgeInSeconds?: number | undefined;
      }
    | undefined;
}

interface BusRule extends RuleIdentity {
  readonly busName: string;
  readonly matches: EventMatcher;
  readonly targets: readonly RuleTarget[];
}

/** Hands one text to one target, durably; what cannot be handed over at once it retries and dead-letters itself. */
export type Deliver = (rule: RuleIdentity, target: RuleTarget, text: string) => void;

type PutResult = { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string };

interface PutEventsAnswer {
  readonly FailedEntryCount: number;
  readonly Entries: readonly PutResult[];
}

/** The whole request is refused. `code` is AWS's. */
export class PutEventsRefused extends Error {
  readonly code = 'ValidationException';
}

const LARGEST_REQUEST_BYTES = 262_144; // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
const MOST_ENTRIES = 10;

const entrySchema = z.looseObject({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().optional(),
  Time: z.number().optional(),
  Resources: z.array(z.string()).default([]),
});
type Entry = z.infer<typeof entrySchema>;

export interface EventBuses {
  create(name: string): void;
  addRule(rule: BusRule): void;
  /** Entries are refused one by one; @throws PutEventsRefused when the request as a whole breaks a limit */
  put(entries: unknown): PutEventsAnswer;
  /** Takes a whole event (JSON text) from another bus. */
  forward(busName: string, event: string): void;
  readonly names: readonly string[];
}

export function eventBuses(
  place: { readonly region: string; readonly accountId: string },
  deliver: Deliver,
): EventBuses {
  const rules = new Map<string, BusRule[]>([['default', []]]);
  const dispatch = (busName: string, event: unknown): void => {
    for (const rule of rules.get(busName) ?? []) {
      if (!rule.matches(event)) continue;
      for (const target of rule.targets) deliver(rule, target, targetInput(target, event, rule));
    }
  };
  const route = (entry: Entry): PutResult => {
    const busName = entry.EventBusName?.split('event-bus/').at(-1) ?? 'default';
    const problem = entryProblem(entry, rules.has(busName) ? undefined : busName);
    if (problem !== undefined) return problem;
    const event = eventOf(entry, place);
    dispatch(busName, event);
    return { EventId: event.id };
  };
  return {
    create: (name) => void rules.set(name, rules.get(name) ?? []),
    addRule: (rule) => {
      const onBus = rules.get(rule.busName);
      if (onBus === undefined)
        throw new Error(`rule ${rule.name} names the event bus ${rule.busName}, which is unknown`);
      onBus.push(rule);
    },
    put: (entries) => {
      const Entries = limited(entries).map(route);
      return { FailedEntryCount: Entries.filter((result) => 'ErrorCode' in result).length, Entries };
    },
    forward: (busName, event) => dispatch(busName, JSON.parse(event)),
    get names() {
      return [...rules.keys()];
    },
  };
}

function limited(entries: unknown): readonly Entry[] {
  const parsed = z.array(entrySchema).min(1).safeParse(entries);
  if (!parsed.success)
    throw new PutEventsRefused('1 validation error detected: the entries are missing or malformed');
  if (parsed.data.length > MOST_ENTRIES) {
    throw new PutEventsRefused(
      "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10",
    );
  }
  if (parsed.data.reduce((sum, entry) => sum + entryBytes(entry), 0) > LARGEST_REQUEST_BYTES) {
    throw new PutEventsRefused('Total size of the entries in the request is over the limit.');
  }
  return parsed.data;
}

/** As EventBridge counts: 14 bytes for a time, and the UTF-8 bytes of the rest. */
function entryBytes({ Source = '', DetailType = '', Detail = '', Time, Resources }: Entry): number {
  return (
    (Time === undefined ? 0 : 14) + Buffer.byteLength([Source, DetailType, Detail, ...Resources].join(''))
  );
}

function entryProblem(entry: Entry, unknownBus: string | undefined): PutResult | undefined {
  for (const field of ['Source', 'DetailType', 'Detail'] as const) {
    if (!entry[field]) {
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${field} is not valid. Reason: ${field} is a required argument.`,
      };
    }
  }
  if (!isJsonObject(entry.Detail ?? ''))
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  if (entry.Source?.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  if (unknownBus === undefined) return undefined;
  return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${unknownBus} does not exist.` };
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function eventOf(
  entry: Entry,
  { region, accountId }: { readonly region: string; readonly accountId: string },
) {
  const time = entry.Time === undefined ? new Date() : new Date(entry.Time * 1000);
  const detail: unknown = JSON.parse(entry.Detail ?? '{}');
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': entry.DetailType,
    source: entry.Source,
    account: accountId,
    time: `${time.toISOString().slice(0, 19)}Z`,
    region,
    resources: entry.Resources,
    detail,
  };
}
