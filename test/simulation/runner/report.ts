import type { Violation } from '../judge/violation.ts';
import type { ProfileName } from '../world/fault-profile.ts';

/** What a seed is run with. */
export interface SeedJob {
  readonly seed: number;
  readonly intents: number;
  readonly texts?: number;
  readonly profile?: ProfileName;
  readonly hours?: number;
  readonly restores?: boolean;
  /** Keeps the trace, for the story of what went wrong. */
  readonly keepsLines?: boolean;
}

/** What came of it. */
export interface SeedReport {
  readonly seed: number;
  readonly hash: string;
  readonly intents: number;
  readonly texts: number;
  readonly accepted: number;
  readonly unresolved: number;
  readonly posts: number;
  readonly deliveries: number;
  readonly callbacks: number;
  readonly invocations: number;
  readonly events: number;
  readonly milliseconds: number;
  readonly violations: readonly Violation[];
  readonly coverage: readonly (readonly [string, number])[];
  readonly lines: readonly string[];
}

/** A seed that failed once, and why; every test run repeats it. */
export interface RegressionSeed extends SeedJob {
  readonly because: string;
}

/** Every kill point of one fate of the first POST. */
export interface EnumerationJob {
  readonly seed: number;
  readonly fate: string;
  /** Its pool says what is done with an unknown outcome. */
  readonly trafficClass: 'otp' | 'transactional' | 'marketing';
  readonly callbacksArrive: boolean;
  readonly pairs: boolean;
}

export interface EnumerationReport extends EnumerationJob {
  readonly points: number;
  readonly counts: {
    readonly runs: number;
    readonly duplicates: number;
    readonly lost: number;
    readonly wrong: number;
    readonly other: number;
    readonly parked: number;
    readonly sent: number;
  };
  readonly failures: readonly string[];
}

/** What a flow costs, counted over many of its kind in a calm world. */
export interface CostJob {
  readonly flow: 'inbound' | 'send' | 'send-with-callbacks';
  readonly count: number;
}

export interface CostReport extends CostJob {
  /** Callbacks that were acknowledged. */
  readonly callbacks: number;
  readonly counts: readonly (readonly [string, number])[];
}

export type Job =
  | ({ readonly kind: 'seed' } & SeedJob)
  | ({ readonly kind: 'enumeration' } & EnumerationJob)
  | ({ readonly kind: 'cost' } & CostJob);
