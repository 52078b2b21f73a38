import type { Background } from './background.ts';
import type { EdgePlan } from './edge/edge-server.ts';
import type { ParameterStore } from './endpoint/parameter-store.ts';
import type { SecretStore } from './endpoint/secret-store.ts';
import type { QueueEngine } from './engines/queue-engine.ts';
import type { EnsuredTable, TableDefinition } from './engines/table-engine.ts';
import type { EventBuses } from './events/event-bus.ts';
import type { RunningSchedule } from './events/run-schedule.ts';
import type { Outlets } from './events/target-delivery.ts';
import type { AsyncInvocations } from './functions/async-invocations.ts';
import type { FunctionRegistry } from './functions/function-registry.ts';
import type { StagedCode } from './functions/staged-code.ts';
import type { ApiPlan } from './http-api/api-plan.ts';
import type { QueueSource } from './sources/queue-source.ts';
import type { StreamSource } from './sources/stream-source.ts';

export interface Endpoints {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly s3: string;
  readonly eventbridge: string;
  readonly secretsmanager: string;
  readonly lambda: string;
  readonly ssm: string;
}

/** What a resource handler may use. Everything is created first; what polls or listens is planned and starts afterwards. */
export interface Platform {
  readonly region: string;
  readonly accountId: string;
  readonly endpoints: Endpoints;
  readonly queues: QueueEngine;
  ensureTable(definition: TableDefinition): Promise<EnsuredTable>;
  readonly secrets: SecretStore;
  readonly parameters: ParameterStore;
  readonly code: StagedCode;
  readonly functions: FunctionRegistry;
  readonly asyncInvocations: AsyncInvocations;
  readonly buses: EventBuses;
  readonly outlets: Outlets;
  readonly work: Background;
  readonly plan: Plan;
  /** Loopback port of an HTTP API. */
  portOf(stackName: string, logicalId: string, apiName: string): Promise<number>;
  /** Something the person at the keyboard should know. */
  notice(text: string): void;
}

export interface Plan {
  /** Code of CloudFront functions by ARN. */
  readonly edgeFunctions: Map<string, string>;
  readonly edges: EdgePlan[];
  readonly apis: Map<string, ApiPlan>;
  readonly queueSources: QueueSource[];
  readonly streamSources: StreamSource[];
  readonly schedules: (RunningSchedule & { readonly name: string; readonly expression: string })[];
  /** Engine name of a table's stream, by table name. */
  readonly streams: Map<string, string>;
  readonly tables: string[];
  readonly queueNames: string[];
  readonly buckets: string[];
  readonly rules: { readonly name: string; readonly busName: string; readonly targets: readonly string[] }[];
}

export const emptyPlan = (): Plan => ({
  edgeFunctions: new Map(),
  edges: [],
  apis: new Map(),
  queueSources: [],
  streamSources: [],
  schedules: [],
  streams: new Map(),
  tables: [],
  queueNames: [],
  buckets: [],
  rules: [],
});

export function localArn(
  { region, accountId }: Pick<Platform, 'region' | 'accountId'>,
  service: string,
  resource: string,
): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}
