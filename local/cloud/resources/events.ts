import * as z from 'zod';
import { busNameOf } from '../arn.ts';
import { errorText } from '../errors.ts';
import type { RuleTarget } from '../events/event-bus.ts';
import { eventPattern } from '../events/event-pattern.ts';
import { targetInput } from '../events/input-transformer.ts';
import { scheduleExpression } from '../events/schedule-expression.ts';
import { deliver, outletOf } from '../events/target-delivery.ts';
import { localArn, type Platform } from '../platform.ts';
import { REASONS } from './reasons.ts';
import {
  type Declared,
  generatedName,
  ignored,
  inertKind,
  number,
  type ResourceKind,
  refusal,
  resourceKind,
  textOf,
} from './resource-kind.ts';

const target = z.strictObject({
  Id: z.string(),
  Arn: z.string(),
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: z
    .strictObject({ InputTemplate: z.string(), InputPathsMap: z.record(z.string(), z.string()).optional() })
    .optional(),
  SqsParameters: z.strictObject({ MessageGroupId: z.string() }).optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
  RetryPolicy: z
    .strictObject({ MaximumRetryAttempts: number.optional(), MaximumEventAgeInSeconds: number.optional() })
    .optional(),
  RoleArn: ignored(REASONS.permissions),
});

const eventBus = resourceKind(
  'AWS::Events::EventBus',
  {
    Name: z.string(),
    Description: ignored(REASONS.metadata),
    Policy: ignored(REASONS.permissions),
    KmsKeyIdentifier: ignored(REASONS.encryption),
    DeadLetterConfig: ignored('it takes events whose decryption fails, and nothing is encrypted here'),
    LogConfig: ignored(REASONS.observability),
    Tags: ignored(REASONS.tags),
  },
  ({ Name }, _declared, platform) => {
    platform.buses.create(Name);
    return { ref: Name, attributes: { Name, Arn: localArn(platform, 'events', `event-bus/${Name}`) } };
  },
);

const rule = resourceKind(
  'AWS::Events::Rule',
  {
    Name: z.string().optional(),
    EventBusName: z.string().default('default'),
    EventPattern: z.unknown().optional(),
    ScheduleExpression: z.string().optional(),
    State: z
      .enum(['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'])
      .default('ENABLED'),
    Targets: z.array(target).default([]),
    Description: ignored(REASONS.metadata),
    RoleArn: ignored(REASONS.permissions),
    Tags: ignored(REASONS.tags),
  },
  (properties, declared, platform) => {
    const name = properties.Name ?? generatedName(declared, 64);
    const busName = busNameOf(properties.EventBusName);
    const path = busName === 'default' ? name : `${busName}/${name}`;
    const identity = { name, arn: localArn(platform, 'events', `rule/${path}`) };
    checkTargets(properties.Targets, declared, platform);
    if (properties.State !== 'DISABLED') {
      if (properties.EventPattern !== undefined) {
        const matches = knownPattern(properties.EventPattern, declared);
        platform.buses.addRule({ ...identity, busName, matches, targets: properties.Targets });
        platform.plan.rules.push({ name, busName, targets: properties.Targets.map(({ Arn }) => Arn) });
      }
      if (properties.ScheduleExpression !== undefined) {
        planScheduledRule(identity, properties.ScheduleExpression, properties.Targets, platform);
      }
    }
    return { ref: busName === 'default' ? name : `${busName}|${name}`, attributes: { Arn: identity.arn } };
  },
);

function knownPattern(pattern: unknown, declared: Declared): (event: unknown) => boolean {
  try {
    return eventPattern(pattern);
  } catch (error) {
    throw refusal(declared, 'EventPattern', errorText(error));
  }
}

function checkTargets(targets: readonly RuleTarget[], declared: Declared, platform: Platform): void {
  for (const each of targets) {
    try {
      outletOf(each, platform.outlets);
    } catch (error) {
      throw refusal(declared, `Targets.${each.Id}`, errorText(error));
    }
  }
}

function planScheduledRule(
  identity: { readonly name: string; readonly arn: string },
  expression: string,
  targets: readonly RuleTarget[],
  platform: Platform,
): void {
  const fire = (at: Date): void => {
    const event = scheduledEvent(identity.arn, at, platform);
    for (const each of targets) {
      const send = outletOf(each, platform.outlets);
      const text = targetInput(each, event, identity);
      const onLost = (reason: string): void =>
        platform.work.report(`rule ${identity.name}`, new Error(reason));
      deliver({ send, target: each, text, onLost }, platform.outlets, platform.work);
    }
  };
  const schedule = scheduleExpression(expression);
  platform.plan.schedules.push({ name: identity.name, expression, schedule, firesAtStart: false, fire });
}

function scheduledEvent(ruleArn: string, at: Date, { accountId, region }: Platform): unknown {
  return {
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: accountId,
    time: `${at.toISOString().slice(0, 19)}Z`,
    region,
    resources: [ruleArn],
    detail: {},
  };
}

const schedule = resourceKind(
  'AWS::Scheduler::Schedule',
  {
    Name: z.string().optional(),
    GroupName: z.string().default('default'),
    ScheduleExpression: z.string(),
    ScheduleExpressionTimezone: z.string().default('UTC'),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    Target: z.strictObject({
      Arn: z.string(),
      Input: z.string().optional(),
      SqsParameters: z.strictObject({ MessageGroupId: z.string() }).optional(),
      DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
      RetryPolicy: z
        .strictObject({
          MaximumRetryAttempts: number.optional(),
          MaximumEventAgeInSeconds: number.optional(),
        })
        .optional(),
      RoleArn: ignored(REASONS.permissions),
    }),
    FlexibleTimeWindow: ignored('a schedule fires at the start of its window here'),
    ActionAfterCompletion: ignored(REASONS.protection),
    Description: ignored(REASONS.metadata),
    KmsKeyArn: ignored(REASONS.encryption),
  },
  (properties, declared, platform) => {
    const { Target, ScheduleExpression, ScheduleExpressionTimezone, GroupName, State } = properties;
    const name = properties.Name ?? generatedName(declared, 64);
    const Arn = localArn(platform, 'scheduler', `schedule/${GroupName}/${name}`);
    const send = scheduleOutlet(Target, declared, platform);
    if (State === 'ENABLED') {
      platform.plan.schedules.push({
        name,
        expression: ScheduleExpression,
        schedule: scheduleExpression(ScheduleExpression, ScheduleExpressionTimezone),
        firesAtStart: true,
        fire: (at) => {
          const text = withScheduleContext(Target.Input ?? '{}', Arn, at);
          const onLost = (reason: string): void =>
            platform.work.report(`schedule ${name}`, new Error(reason));
          deliver({ send, target: Target, text, onLost }, platform.outlets, platform.work);
        },
      });
    }
    return { ref: name, attributes: { Arn } };
  },
);

function scheduleOutlet(
  target: { readonly Arn: string },
  declared: Declared,
  platform: Platform,
): (text: string) => void {
  try {
    return outletOf(target, platform.outlets);
  } catch (error) {
    throw refusal(declared, 'Target.Arn', errorText(error));
  }
}

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
function withScheduleContext(input: string, scheduleArn: string, at: Date): string {
  return input
    .replaceAll('<aws.scheduler.schedule-arn>', scheduleArn)
    .replaceAll('<aws.scheduler.scheduled-time>', `${at.toISOString().slice(0, 19)}Z`)
    .replaceAll('<aws.scheduler.execution-id>', crypto.randomUUID())
    .replaceAll('<aws.scheduler.attempt-number>', '1');
}

export const EVENT_KINDS: readonly ResourceKind[] = [
  eventBus,
  rule,
  schedule,
  inertKind('AWS::Events::EventBusPolicy', REASONS.permissions, [
    'Action',
    'Condition',
    'EventBusName',
    'Principal',
    'Statement',
    'StatementId',
  ]),
  inertKind(
    'AWS::Events::Archive',
    REASONS.recovery,
    ['ArchiveName', 'Description', 'EventPattern', 'KmsKeyIdentifier', 'RetentionDays', 'SourceArn'],
    (declared, given, platform) => {
      const name = textOf(given.ArchiveName) ?? generatedName(declared, 48);
      return {
        ref: name,
        attributes: { Arn: localArn(platform, 'events', `archive/${name}`), ArchiveName: name },
      };
    },
  ),
  inertKind(
    'AWS::Scheduler::ScheduleGroup',
    REASONS.metadata,
    ['Name', 'Tags'],
    (declared, given, platform) => {
      const name = textOf(given.Name) ?? generatedName(declared, 64);
      return { ref: name, attributes: { Arn: localArn(platform, 'scheduler', `schedule-group/${name}`) } };
    },
  ),
  inertKind('AWS::EventSchemas::Registry', REASONS.metadata, ['Description', 'RegistryName', 'Tags']),
  inertKind('AWS::EventSchemas::Schema', REASONS.metadata, [
    'Content',
    'Description',
    'RegistryName',
    'SchemaName',
    'Tags',
    'Type',
  ]),
];
