import { consentRule } from './consent.ts';
import type { GateFacts } from './facts.ts';
import { frequencyRule } from './frequency.ts';
import { type GateDecision, judge } from './judge.ts';
import { operationsRule } from './operations.ts';
import { quietHoursRule } from './quiet-hours.ts';
import { recipientRule } from './recipient.ts';
import { scheduleRule } from './schedule.ts';
import type { RuleVerdict } from './verdict.ts';

/** Every rule, in the order in which they are told. A new one is one file and one line here. */
const RULES: readonly ((facts: GateFacts) => RuleVerdict)[] = [
  operationsRule,
  recipientRule,
  consentRule,
  frequencyRule,
  quietHoursRule,
  scheduleRule,
];

export interface Judgement {
  readonly verdicts: readonly RuleVerdict[];
  readonly decision: GateDecision;
}

/** May this be sent now? Every rule answers, so that the whole decision can be explained. */
export function judgeSend(facts: GateFacts, lookAgainAt: number): Judgement {
  const verdicts = RULES.map((rule) => rule(facts));
  return { verdicts, decision: judge(verdicts, { deadline: facts.send.deadline, lookAgainAt }) };
}
