import type { MessageDecision } from '../../shared/contract/api/messages.ts';
import type { MessagingSettings } from '../../shared/contract/settings.ts';
import type { Judgement } from '../domain/gate/rules.ts';
import type { RuleVerdict } from '../domain/gate/verdict.ts';
import { heldUntil } from '../domain/holding.ts';
import type { Intent } from '../domain/intent.ts';
import { type FieldProblem, prepareMessage, type RequestMessage } from '../request-message.ts';
import { type GatePorts, passGate } from '../send-gate.ts';

export type ExplainMessageOutcome =
  | { readonly kind: 'explained'; readonly decision: MessageDecision }
  /** As it would be refused if it were meant. */
  | { readonly kind: 'refused'; readonly problems: readonly FieldProblem[] };

/** What would become of a request, by every rule, at the time when it would be due; writes nothing. */
export async function explainMessage(
  command: RequestMessage,
  now: number,
  settings: MessagingSettings,
  gate: GatePorts,
): Promise<ExplainMessageOutcome> {
  const drafted = prepareMessage(command, now, 'dry run', settings);
  if ('problems' in drafted) return { kind: 'refused', problems: drafted.problems };
  const { intent } = drafted;
  const at = Math.max(now, intent.notBefore);
  const lookAgainAt = heldUntil({ now: at, owner: 'dry run', jitter: 1 });
  return {
    kind: 'explained',
    decision: decisionView(intent, at, await passGate(intent, { now: at, lookAgainAt }, gate)),
  };
}

function decisionView(intent: Intent, at: number, { verdicts, decision }: Judgement): MessageDecision {
  return {
    ...outcomeView(decision),
    at: iso(at),
    pool: intent.pool,
    trafficClass: intent.trafficClass,
    deadline: iso(intent.deadline),
    rules: verdicts.map(verdictView),
  };
}

function outcomeView(
  decision: Judgement['decision'],
): Pick<MessageDecision, 'decision' | 'rule' | 'reason' | 'until'> {
  if (decision.kind === 'pass') return { decision: 'send', ...untilView(decision.legalUntil) };
  const { rule, explanation } = decision.by;
  const until = decision.kind === 'hold' ? decision.until : undefined;
  return { decision: decision.kind, rule, reason: explanation, ...untilView(until) };
}

const verdictView = (one: RuleVerdict): MessageDecision['rules'][number] => ({
  rule: one.rule,
  verdict: one.verdict,
  ...untilView(one.verdict === 'refuse' ? undefined : one.until),
  explanation: one.explanation,
  input: { ...one.input },
});

const untilView = (until: number | undefined): { readonly until?: string } =>
  until === undefined ? {} : { until: iso(until) };

const iso = (instant: number): string => new Date(instant).toISOString();
