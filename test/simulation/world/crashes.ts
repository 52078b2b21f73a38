import type { RandomSource } from '../engine/random.ts';
import type { Coverage } from './coverage.ts';
import type { FaultProfile } from './fault-profile.ts';
import type { Invocation } from './invocation.ts';

export interface CrashPoint {
  readonly invocation: Invocation;
  /** 1 is the invocation's first port call. */
  readonly number: number;
  readonly name: string;
}

/** Decides where invocations die. */
export interface Crashes {
  killsBefore(point: CrashPoint): boolean;
  killsAfter(point: CrashPoint): boolean;
}

/** Functions that make many calls an invocation: killed less often at each, or they would never end. */
const LONG_RUNNING = new Set(['publish-events', 'dispatch-due', 'record-timeline']);
const LONG_RUNNING_SHARE = 0.25;
/** Commands run on an operator's machine, through hundreds of calls. */
const COMMAND_SHARE = 0.02;

/** By chance, at the rates of the present mix. */
export const createRandomCrashes = (
  source: RandomSource,
  faults: () => FaultProfile,
  coverage: Coverage,
): Crashes => {
  const random = source('crash');
  const kills = (probability: number, { invocation }: CrashPoint, side: string): boolean => {
    if (probability === 0) return false;
    const share = shareOf(invocation.functionName);
    const killed = random.chance(probability * share);
    if (killed) coverage.reach(`fault: ${familyOf(invocation.functionName)} killed ${side} a call`);
    return killed;
  };
  return {
    killsBefore: (point) => kills(faults().killBefore, point, 'before'),
    killsAfter: (point) => kills(faults().killAfter, point, 'after'),
  };
};

const shareOf = (functionName: string): number => {
  if (functionName.startsWith('operator-')) return COMMAND_SHARE;
  return LONG_RUNNING.has(functionName) ? LONG_RUNNING_SHARE : 1;
};

export const familyOf = (functionName: string): string =>
  functionName.startsWith('send-') ? 'send-message' : functionName;

/**
 * At chosen points only, counted over all invocations of the chosen functions: point 2n-1 is before the n-th port
 * call, point 2n after it took effect.
 */
export const createPlannedCrashes = (
  points: ReadonlySet<number>,
  concerns: (point: CrashPoint) => boolean,
): Crashes & { readonly reached: () => readonly string[] } => {
  const reached: string[] = [];
  const at = (point: CrashPoint, side: string): boolean => {
    if (!concerns(point)) return false;
    reached.push(`${side} ${familyOf(point.invocation.functionName)}: ${point.name}`);
    return points.has(reached.length);
  };
  return {
    killsBefore: (point) => at(point, 'before'),
    killsAfter: (point) => at(point, 'after'),
    reached: () => reached,
  };
};
