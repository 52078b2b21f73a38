import * as z from 'zod';
import type { Item } from '../../../functions/shared/ports/table-client.ts';
import { finalStatus } from '../twilio/delivery-plan.ts';
import type { LedgerMessage } from '../twilio/ledger.ts';
import { POOLS } from '../world/settings.ts';
import type { World } from '../world/world.ts';
import { judgeRestored } from './judge-restored.ts';

/** States in which an intent may rest. */
const RESTING = new Set(['ACCEPTED', 'REJECTED', 'SUPPRESSED', 'EXPIRED', 'PARKED']);
/** States that say: Twilio has no message. */
const NOT_SENT = new Set(['REJECTED', 'SUPPRESSED', 'EXPIRED', 'PENDING']);

/** G1, G2 and G5 against the ledger. */
export const judgeIntents = (world: World): void => {
  const items = world.store.items('messaging');
  const intents = new Map(
    items.filter(({ pk }) => String(pk).startsWith('INTENT#')).map((item) => [String(item.id), item]),
  );
  const sent = messagesByIntent(world);
  for (const intent of intents.values()) judgeIntent(world, intent, sent.get(String(intent.id)) ?? []);
  judgeSecondTries(world, [...intents.values()], sent);
  judgeBindings(world, [...intents.values()]);
  if (world.restoredAt !== undefined) judgeRestored(world, [...intents.values()]);
  for (const { id, isCanceled, isRefused } of world.intents) {
    if (id === undefined) continue;
    if (!intents.has(id) && isRefused !== true) world.violate('lost', 'an acknowledged intent is gone', id);
    const wasSent = (sent.get(id) ?? []).some(
      ({ acceptedAt }) => world.restoredAt === undefined || acceptedAt > world.restoredAt,
    );
    if (isCanceled === true && wasSent)
      world.violate('wrong-outcome', 'sent although its cancel was confirmed', id);
  }
  judgeForeign(world, items);
};

const messagesByIntent = (world: World): ReadonlyMap<string, readonly LedgerMessage[]> => {
  const byToken = world.twilio.ledger.byToken();
  const sent = new Map<string, LedgerMessage[]>();
  for (const [token, { id }] of world.judge.attempts)
    sent.set(String(id), [...(sent.get(String(id)) ?? []), ...(byToken.get(token) ?? [])]);
  return sent;
};

/** An operator sent it again so late that its settle time outlasts the world: the protocol has it wait for evidence yet. */
const isStillSettling = ({ now }: World, { state, pool, attempt, unresolvedAttempts }: Item): boolean => {
  const settleSeconds = POOLS.find(({ name }) => name === pool)?.unknownOutcome.settleSeconds ?? 0;
  const last = StartedAttempt.safeParse(attempt);
  return (
    state === 'UNKNOWN' &&
    unresolvedAttempts !== undefined &&
    last.success &&
    last.data.armedAt + settleSeconds * 1000 > now
  );
};

const StartedAttempt = z.object({ armedAt: z.number() });

const judgeIntent = (world: World, intent: Item, sent: readonly LedgerMessage[]): void => {
  const [id, state] = [String(intent.id), String(intent.state)];
  const isRestored = world.restoredAt !== undefined;
  if (sent.length > 1 && !isRestored)
    world.violate('duplicate', `Twilio has ${sent.map(({ sid }) => sid).join(' and ')}`, id);
  if (isStillSettling(world, intent)) return;
  if (!RESTING.has(state)) {
    world.violate('lost', `still ${state} at the end`, id);
    return;
  }
  const [message] = sent;
  if (NOT_SENT.has(state) && message !== undefined && !isRestored)
    world.violate('wrong-outcome', `${state}, but Twilio has ${message.sid}`, id);
  const hasStrongEvidence = sent.some(({ acknowledged }) => acknowledged.some(({ withToken }) => withToken));
  if (state !== 'ACCEPTED') {
    if (hasStrongEvidence && !isRestored)
      world.violate('wrong-outcome', `${state}, although a callback with its token was acknowledged`, id);
    return;
  }
  const bound = world.twilio.ledger.messages.get(String(intent.messageSid));
  // After a restore even a message whose callbacks were seen is known by the list alone.
  const isWeak = intent.evidence === 'list' && (!hasStrongEvidence || isRestored);
  const isOwn = isWeak
    ? bound?.to === intent.to && bound?.body === intent.body
    : bound !== undefined && sent.includes(bound);
  if (!isOwn)
    world.violate(
      'wrong-outcome',
      `ACCEPTED as ${String(intent.messageSid)}, but Twilio has ${message?.sid ?? 'nothing'}`,
      id,
    );
  if (isWeak && bound !== message)
    world.coverage.reach('reached: identical messages bound crosswise by the list');
  if (bound === undefined) return;
  judgeStatus(world, intent, bound);
  if (
    intent.cancelRequestedAt !== undefined &&
    bound.canceledAt === undefined &&
    world.restoredAt === undefined
  )
    world.violate('lost', 'a cancellation that was taken on, and neither carried out nor refused', id);
};

const GOT_THROUGH = new Set(['delivered', 'read', 'sent']);

/** Sending again is no duplicate only where nobody got the first: by Twilio's own books, not by what reached us of them. */
const judgeSecondTries = (
  world: World,
  intents: readonly Item[],
  sent: ReadonlyMap<string, readonly LedgerMessage[]>,
): void => {
  const tried = new Set<string>();
  for (const { id, retryOf } of intents) {
    if (typeof retryOf !== 'string') continue;
    if (tried.has(retryOf)) world.violate('duplicate', `${retryOf} was tried again twice`, String(id));
    tried.add(retryOf);
    world.coverage.reach('reached: second try of a failed message');
    if ((sent.get(String(id)) ?? []).length === 0) continue;
    world.coverage.reach('reached: second try sent');
    const firstTries = sent.get(retryOf) ?? [];
    const gotThrough = firstTries.filter(({ plan }) => GOT_THROUGH.has(finalStatus(plan).state ?? ''));
    for (const { sid } of gotThrough)
      world.violate('duplicate', `sent again although ${sid} was delivered`, String(id));
  }
};

/** One message, one intent. */
const judgeBindings = (world: World, intents: readonly Item[]): void => {
  const holders = new Map<string, string>();
  for (const { id, messageSid, state } of intents) {
    if (typeof messageSid !== 'string' || state !== 'ACCEPTED') continue;
    const other = holders.get(messageSid);
    if (other !== undefined)
      world.violate('wrong-outcome', `${messageSid} is bound to ${other} as well`, String(id));
    holders.set(messageSid, String(id));
  }
};

/** The shown status is the join of the reports, which are all that was acknowledged and nothing that never happened. */
const judgeStatus = (world: World, intent: Item, message: LedgerMessage): void => {
  const id = String(intent.id);
  const reports = intent.reports as unknown as readonly Report[];
  const joined = new Set(reports.map(textOf));
  const acknowledged = new Set(message.acknowledged.map(textOf));
  for (const report of acknowledged) {
    if (!joined.has(report))
      world.violate('wrong-status', `the acknowledged callback ${report} has left no trace`, id);
  }
  const happened = new Set([...message.plan.map(textOf), 'accepted/', 'queued/', 'scheduled/']);
  for (const report of joined) {
    if (!happened.has(report)) world.violate('wrong-status', `${report} is not what Twilio reported`, id);
  }
  if (reports.length === 0) return;
  const expected = finalStatus(reports);
  const shown = intent.status as unknown as
    | { readonly state?: string; readonly errorCode?: number }
    | undefined;
  if (shown?.state !== expected.state || shown?.errorCode !== expected.errorCode)
    world.violate(
      'wrong-status',
      `shows ${shown?.state} ${shown?.errorCode ?? ''}, not ${expected.state} ${expected.errorCode ?? ''}`,
      id,
    );
  if (!message.plan.every((step) => acknowledged.has(textOf(step)))) return;
  world.coverage.reach('reached: every callback of a message acknowledged');
  const truth = finalStatus(message.plan);
  if (shown?.state !== truth.state)
    world.violate('wrong-status', `shows ${shown?.state}, Twilio ended with ${truth.state}`, id);
};

interface Report {
  readonly status: string;
  readonly errorCode?: number;
}

const textOf = ({ status, errorCode }: Report): string => `${status}/${errorCode ?? ''}`;

/** Of a message that is not ours, all that was acknowledged is kept. */
const judgeForeign = (world: World, items: readonly Item[]): void => {
  for (const message of world.twilio.ledger.messages.values()) {
    if (message.token !== undefined || message.acknowledged.length === 0) continue;
    const orphan = items.find(({ pk }) => pk === `ORPHAN#${message.sid}`);
    const reports = (orphan?.reports ?? []) as unknown as readonly Report[];
    world.coverage.reach('reached: callback of a foreign message kept');
    for (const { status } of message.acknowledged) {
      if (!reports.some((report) => report.status === status))
        world.violate('lost', `the callback ${status} of a foreign message`, message.sid);
    }
  }
};
