/** Every rule that a flow can break; a broken flow fails `cdk synth` and `trunkline flows check` with its reason. */
export type FlowRule =
  | 'schema'
  | 'name'
  | 'unknown-state'
  | 'unknown-flow'
  | 'unknown-reference'
  | 'unreachable'
  | 'endless-loop'
  | 'endless-flows'
  | 'ambiguous-option'
  | 'return-without-caller'
  | 'unawaited-outcome'
  | 'unknown-value'
  | 'secret-told'
  | 'personal-attribute'
  | 'unannounced-recording'
  | 'lengths'
  | 'too-long-a-document'
  | 'too-few-steps'
  | 'too-large-to-explore'
  | 'breaks';

export interface Finding {
  readonly flow: string;
  /** Absent where the whole flow is meant. */
  readonly state?: string;
  readonly rule: FlowRule;
  readonly problem: string;
}

/** `support-line/menu: endless-loop: ...` */
export const showFinding = ({ flow, state, rule, problem }: Finding): string =>
  `${flow}${state === undefined ? '' : `/${state}`}: ${rule}: ${problem}`;
