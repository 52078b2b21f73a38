import type { StackOutputs } from './assembly/deploy-stacks.ts';
import type { DynamoDbEngineKind } from './engines/dynamodb-engine.ts';
import type { InvocationResult } from './functions/function-definition.ts';
import type { FunctionLogEntry } from './functions/function-log.ts';
import type { IssuerClient } from './issuer/local-issuer.ts';
import type { Endpoints } from './platform.ts';

export interface LocalCloudOptions {
  /** A synthesized cloud assembly, such as `cdk.out`. */
  readonly assemblyDirectory: string;
  /** Everything that survives a restart. */
  readonly stateDirectory: string;
  /** Wipes the state first. @default false */
  readonly fresh?: boolean;
  /**
   * Ports of the HTTP APIs by name, by logical id or by `stack/logicalId`, and of `issuer`.
   * @default stable free ones, kept in the state directory
   */
  readonly ports?: Readonly<Record<string, number>>;
  /** @default the region that the stacks name, else us-east-1 */
  readonly region?: string;
  /** @default dynoxide, or AWS's jar where there is no binary for this machine */
  readonly dynamoDbEngine?: DynamoDbEngineKind;
  /** Who may ask the local issuer for tokens. @default no issuer is started */
  readonly issuerClients?: readonly IssuerClient[];
  /** Where functions are sent instead of to an engine, to put a fault between. */
  readonly endpointsOverride?: Partial<Endpoints>;
  /** @default 4 */
  readonly workersPerFunction?: number;
  /** How long a worker waits for its next invocation. @default 60,000 */
  readonly idleMilliseconds?: number;
  /** Every line that a function writes. */
  readonly onLog?: (entry: FunctionLogEntry) => void;
  /** What the person at the keyboard should know: kept tables that changed, background failures. */
  readonly onNotice?: (text: string) => void;
}

export interface LocalCloud {
  readonly outputs: StackOutputs;
  /** Origin of each HTTP API, by its name, its logical id and its API id. */
  readonly apiOrigins: Readonly<Record<string, string>>;
  readonly endpoints: Endpoints & { readonly issuer?: string };
  readonly region: string;
  readonly dynamoDbEngine: DynamoDbEngineKind;
  describe(): CloudDescription;
  /** Invokes a function synchronously with a JSON value. @throws when there is no such function */
  invoke(functionName: string, payload: unknown): Promise<InvocationResult>;
  /** Ends the workers of one function, or all, whatever they are doing. @returns how many there were */
  killWorkers(functionName?: string): Promise<number>;
  stop(): Promise<void>;
}

/** What runs where, for printing. */
export interface CloudDescription {
  readonly apis: readonly {
    readonly name: string;
    readonly origin: string;
    readonly routes: readonly {
      readonly routeKey: string;
      readonly functionName: string;
      readonly scopes: readonly string[];
    }[];
  }[];
  readonly functions: readonly string[];
  readonly tables: readonly string[];
  readonly queues: readonly string[];
  readonly buckets: readonly string[];
  readonly eventSources: readonly { readonly source: string; readonly functionName: string }[];
  readonly rules: readonly {
    readonly name: string;
    readonly busName: string;
    readonly targets: readonly string[];
  }[];
  readonly schedules: readonly { readonly name: string; readonly expression: string }[];
}
