import type { Intent } from '../../../functions/messaging/domain/intent.ts';
import { readGatePolicy } from '../../../functions/messaging/gate-policy.ts';
import { readIntent } from '../../../functions/messaging/intent-store.ts';
import { createSendGate } from '../../../functions/messaging/send-message/decide-sending.ts';
import type { DeliverCommand } from '../../../functions/messaging/send-message/deliver-intent.ts';
import { TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import type { OutboxEntry } from '../../../functions/shared/contract/outbox.ts';
import type { TwilioLedger } from '../../../functions/shared/ports/twilio-ledger.ts';
import { createCallStarts } from '../../../functions/voice/call-starts.ts';
import { consentOf } from '../consent/consent-of.ts';
import { createInMemoryTableClient, type TableCall, type TableHooks } from '../in-memory-table-client.ts';
import { RecordingObserver } from '../ingress/recording-observer.ts';
import { ScriptedCallLedger } from './scripted-call-ledger.ts';
import { ScriptedCalls } from './scripted-calls.ts';
import { ScriptedLedger } from './scripted-ledger.ts';
import { ScriptedTwilio } from './scripted-twilio.ts';
import { SeededRandomness } from './seeded-randomness.ts';
import { SETTINGS } from './settings.ts';

export const HOOKS_ORIGIN = 'https://hooks.example.com';

/** The ports of every messaging use case, in memory, with a clock that stands still until it is set. */
export class Stage {
  readonly tables = createInMemoryTableClient();
  readonly twilio = new ScriptedTwilio();
  readonly twilioCalls = new ScriptedCalls();
  readonly callLedger = new ScriptedCallLedger();
  readonly callStarts = createCallStarts();
  readonly ledger: TwilioLedger = new ScriptedLedger();
  readonly observer = new RecordingObserver();
  readonly random = new SeededRandomness();
  readonly sleeps: number[] = [];
  now: number;
  readonly consent = consentOf(this.tables);
  /** No pause, no rate, until a test replaces it. */
  gate = createSendGate(SETTINGS.pools, readGatePolicy(), this);
  #invocations = 0;

  constructor(now: string) {
    this.now = Date.parse(now);
  }

  readonly clock = (): number => this.now;

  /** Waiting takes time on the clock and none on the wall. */
  readonly sleep = async (milliseconds: number): Promise<void> => {
    this.sleeps.push(milliseconds);
    this.now += milliseconds;
  };

  at(instant: string): this {
    this.now = Date.parse(instant);
    return this;
  }

  /** A fresh invocation of send-message for an intent. */
  delivery(intentId: string, remainingMilliseconds = 20_000): DeliverCommand {
    this.#invocations += 1;
    return {
      intentId,
      owner: `invocation-${this.#invocations}`,
      remainingMilliseconds: () => remainingMilliseconds,
      hooksOrigin: HOOKS_ORIGIN,
    };
  }

  async intent(id: string): Promise<Intent> {
    const found = await readIntent(this.tables, id);
    if (found === undefined) throw new Error(`no intent ${id}`);
    return found;
  }

  /** What the writes since the last call want done, in order. */
  drainOutbox(): readonly OutboxEntry[] {
    return this.tables
      .drainStream()
      .flatMap(({ newImage }) => (newImage?.outbox ?? []) as readonly OutboxEntry[]);
  }

  /** Events of the writes since the last call; every one as the contract has it. */
  drainEvents(): readonly TrunklineEvent[] {
    return this.drainOutbox().flatMap((entry) =>
      entry.kind === 'event' ? [TrunklineEvent.parse(entry.event)] : [],
    );
  }

  /** Items of the messaging table whose partition key begins so. */
  rows(prefix: string) {
    return this.tables.items('messaging').filter((item) => String(item.pk).startsWith(prefix));
  }

  count(metric: string, outcome?: string): number {
    return this.observer.counts.get(outcome === undefined ? metric : `${metric}:${outcome}`) ?? 0;
  }
}

/** Meets the n-th call of a kind (1 is the first) with a fault, and leaves all others alone. */
export const faultAt = (
  operation: TableCall['operation'],
  nth: number,
  fault: Awaited<ReturnType<NonNullable<TableHooks['before']>>>,
): TableHooks => {
  let seen = 0;
  return {
    before: (call) => {
      if (call.operation !== operation) return undefined;
      seen += 1;
      return seen === nth ? fault : undefined;
    },
  };
};
