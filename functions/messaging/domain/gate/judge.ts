import { GATE_RULES, type RuleVerdict } from './verdict.ts';

type Passed = Extract<RuleVerdict, { verdict: 'pass' }>;
type Held = Extract<RuleVerdict, { verdict: 'hold' }>;
type Refused = Extract<RuleVerdict, { verdict: 'refuse' }>;

/** The one verdict that decides. */
export type GateDecision =
  | {
      readonly kind: 'pass';
      /** It may reach the recipient until then, epoch milliseconds; absent: until its deadline. */
      readonly legalUntil?: number;
    }
  | { readonly kind: 'hold'; readonly until: number; readonly by: Held }
  /** It would be held past its deadline: waiting is of no use. */
  | { readonly kind: 'expire'; readonly by: Held }
  | { readonly kind: 'refuse'; readonly by: Refused };

export interface JudgedSend {
  readonly deadline: number;
  /** When a hold is looked at again whose end nobody knows, epoch milliseconds. */
  readonly lookAgainAt: number;
}

/**
 * A refusal outweighs every hold, for waiting does not mend it; the earliest in the order of the rules is told. Of the holds the latest
 * decides, for until then it cannot be sent. All others are asked again when it ends.
 */
export function judge(verdicts: readonly RuleVerdict[], { deadline, lookAgainAt }: JudgedSend): GateDecision {
  const inOrder = verdicts.toSorted((left, right) => placeOf(left) - placeOf(right));
  const refused = inOrder.find((one) => one.verdict === 'refuse');
  if (refused !== undefined) return { kind: 'refuse', by: refused };
  const endOf = ({ until }: Held): number => until ?? Math.min(lookAgainAt, deadline - 1);
  const held = inOrder
    .filter((one) => one.verdict === 'hold')
    .reduce<Held | undefined>(
      (latest, one) => (latest === undefined || endOf(one) > endOf(latest) ? one : latest),
      undefined,
    );
  if (held !== undefined) {
    if (held.until !== undefined && held.until >= deadline) return { kind: 'expire', by: held };
    return { kind: 'hold', until: held.until ?? lookAgainAt, by: held };
  }
  const ends = inOrder.flatMap((one) => (isBounded(one) ? [one.until] : []));
  return ends.length === 0 ? { kind: 'pass' } : { kind: 'pass', legalUntil: Math.min(...ends) };
}

const placeOf = ({ rule }: RuleVerdict): number => GATE_RULES.indexOf(rule);

const isBounded = (one: RuleVerdict): one is Passed & { readonly until: number } =>
  one.verdict === 'pass' && one.until !== undefined;
