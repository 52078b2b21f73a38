/** The rules of the gate, in the order in which their verdicts are told. */
export const GATE_RULES = [
  'operations',
  'recipient',
  'consent',
  'frequency',
  'quiet-hours',
  'schedule',
] as const;
export type GateRule = (typeof GATE_RULES)[number];

/** What a rule looked at: words and figures that may stand in a log; never a number, a name or a postcode. */
export type RuleInput = Readonly<Record<string, string | number | boolean>>;

interface Explained {
  readonly rule: GateRule;
  readonly input: RuleInput;
  /** Why, in words; ends up in the intent, its events and its timeline. */
  readonly explanation: string;
}

export type RuleVerdict =
  | (Explained & {
      readonly verdict: 'pass';
      /** It passes until then, epoch milliseconds; absent: as long as the message may be sent. */
      readonly until?: number;
    })
  | (Explained & {
      readonly verdict: 'hold';
      /** When the rule will pass, epoch milliseconds; absent where nobody knows: then it is looked at again soon. */
      readonly until?: number;
    })
  | (Explained & { readonly verdict: 'refuse' });

/** Binds a rule's name and input, so that every verdict of it says what it rests on. */
export const verdictsOf = (rule: GateRule, input: RuleInput) => ({
  pass: (explanation: string, until?: number): RuleVerdict => ({
    rule,
    input,
    verdict: 'pass',
    explanation,
    ...(until === undefined ? {} : { until }),
  }),
  hold: (explanation: string, until?: number): RuleVerdict => ({
    rule,
    input,
    verdict: 'hold',
    explanation,
    ...(until === undefined ? {} : { until }),
  }),
  refuse: (explanation: string): RuleVerdict => ({ rule, input, verdict: 'refuse', explanation }),
});
