import type { ComparisonOperator, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';

/** `page` wakes somebody; `ticket` is read on the next working day. */
export type Severity = 'page' | 'ticket';

/** Every alarm kind is the name of a runbook: docs/runbooks/<kind>.md. */
export type AlarmKind =
  | 'acknowledgement-time'
  | 'acknowledgement-to-effect'
  | 'api-errors'
  | 'call-answer-time'
  | 'call-apology'
  | 'dead-letters'
  | 'delivery-failures'
  | 'due-tick-missing'
  | 'duplicate-detected'
  | 'function-errors'
  | 'function-throttles'
  | 'inbound-poll-late'
  | 'inbound-repaired'
  | 'ledger-audit-missing'
  | 'ledger-mismatch'
  | 'personal-task-attribute'
  | 'recording-quarantined'
  | 'recording-stuck'
  | 'parked-messages'
  | 'pool-in-trouble'
  | 'publish-poisoned'
  | 'queue-age'
  | 'replay-mismatch'
  | 'reshape'
  | 'rule-failures'
  | 'sender-errors'
  | 'stream-age'
  | 'table-errors'
  | 'unknown-error-codes'
  | 'unknown-outcomes'
  | 'unknown-status'
  | 'webhook-success';

/** What an alarm tells the person it wakes. */
export interface AlarmMeaning {
  readonly kind: AlarmKind;
  /** What it is about, for the alarm's name: a queue, a function, a table. */
  readonly subject: string;
  readonly severity: Severity;
  /** What it costs the user, as a sentence. */
  readonly failureImpact: string;
  /** Where to look first. */
  readonly consoleLink: string;
}

export interface Condition {
  readonly metric: IMetric;
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  readonly evaluationPeriods: number;
  /** @default every evaluated period */
  readonly datapointsToAlarm?: number;
  /** No data is a statement of its own: each alarm says what it means. */
  readonly missingData: TreatMissingData;
}

/** Alarms while its condition holds. */
export interface SingleAlarm extends AlarmMeaning {
  readonly condition: Condition;
}

/** Alarms while a long and a short window both hold: burning still, and not over already. */
export interface WindowedAlarm extends AlarmMeaning {
  readonly long: Condition;
  readonly short: Condition;
}

export type AlarmRequest = SingleAlarm | WindowedAlarm;

/**
 * Constructs say here what their failure looks like and costs; the observability stack renders all of it.
 * Guarantees that no two alarms of a deployment have one name.
 */
export class AlarmRegistry {
  private readonly byName = new Map<string, AlarmRequest>();

  add(...requests: readonly AlarmRequest[]): void {
    for (const request of requests) {
      const name = `${request.kind}-${request.subject}`;
      if (this.byName.has(name)) throw new Error(`two alarms have the name ${name}`);
      this.byName.set(name, request);
    }
  }

  /** In the order of their names, so that a template does not change with the order of construction. */
  get requests(): readonly (readonly [name: string, request: AlarmRequest])[] {
    return [...this.byName].sort(([left], [right]) => (left < right ? -1 : 1));
  }
}
