import type { MessageView } from '../../functions/shared/contract/api/messages.ts';
import type { Simulator } from '../../local/twilio/start-simulator.ts';

type Ledger = ReturnType<Simulator['ledger']>;

export interface Reconciliation {
  readonly intents: number;
  readonly byState: Readonly<Record<string, number>>;
  readonly acceptedAtTwilio: number;
  readonly callbacksDelivered: number;
  /** Messages of Twilio beyond one per body: each body was asked for once. */
  readonly duplicates: number;
  /** Messages at Twilio that no intent names, and intents whose message Twilio does not have. */
  readonly unknownToUs: number;
  readonly missingAtTwilio: number;
  readonly wrongFinalStatus: number;
  /** Neither accepted nor ended with a reason. */
  readonly unsettled: number;
  readonly isExact: boolean;
}

const ENDED = new Set(['ACCEPTED', 'REJECTED', 'EXPIRED', 'SUPPRESSED', 'PARKED']);

/** Both ledgers against each other, message by message. */
export function reconcile(views: readonly MessageView[], ledger: Ledger): Reconciliation {
  const sent = ledger.messages.filter((message) => message.direction === 'outbound-api');
  const bySid = new Map(sent.map((message) => [message.sid, message]));
  const ours = new Set(views.flatMap((view) => view.messageSid ?? []));
  const accepted = views.filter((view) => view.state === 'ACCEPTED');
  const counts = {
    duplicates: sent.length - new Set(sent.map((message) => message.body)).size,
    unknownToUs: sent.filter((message) => !ours.has(message.sid)).length,
    missingAtTwilio: accepted.filter((view) => !bySid.has(view.messageSid ?? '')).length,
    wrongFinalStatus: accepted.filter((view) => bySid.get(view.messageSid ?? '')?.status !== view.status)
      .length,
    unsettled: views.filter((view) => !ENDED.has(view.state)).length,
  };
  return {
    intents: views.length,
    byState: Object.fromEntries(
      Object.entries(Object.groupBy(views, (view) => view.state)).map(([state, all]) => [
        state,
        all?.length ?? 0,
      ]),
    ),
    acceptedAtTwilio: sent.length,
    callbacksDelivered: ledger.callbacks.reduce((sum, callback) => sum + callback.attempts.length, 0),
    ...counts,
    isExact: Object.values(counts).every((count) => count === 0),
  };
}

export function renderReconciliation(
  result: Reconciliation & { readonly killed: number; readonly retriedRequests: number },
): string {
  const states = Object.entries(result.byState).map(([state, count]) => `${state} ${count}`);
  const rows: readonly (readonly [string, string | number])[] = [
    ['intents', `${result.intents} (${states.join(', ')})`],
    ['accepted at Twilio', result.acceptedAtTwilio],
    ['callback requests', result.callbacksDelivered],
    ['workers killed', result.killed],
    ['requests repeated by the client', result.retriedRequests],
    ['duplicates', result.duplicates],
    ['at Twilio, unknown to us', result.unknownToUs],
    ['ours, missing at Twilio', result.missingAtTwilio],
    ['wrong final status', result.wrongFinalStatus],
    ['unsettled', result.unsettled],
    ['the ledgers agree', result.isExact ? 'exactly' : 'NO'],
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(34)}${value}`).join('\n');
}
