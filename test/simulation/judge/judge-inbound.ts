import type { World } from '../world/world.ts';
import type { CommittedEvent } from './judge.ts';

/** Words that Twilio answers: a reply of ours would be one too many. */
const TWILIO_ANSWERS = new Set(['STOP', 'help']);
const INTERVAL_MILLISECONDS = 60_000;

/** G3: every text, its webhook acknowledged or all of them lost, has one decision and at most one reply. */
export const judgeInbound = (world: World, events: ReadonlyMap<string, CommittedEvent>): void => {
  const decisions = new Map<string, CommittedEvent[]>();
  // A decision that a restore has undone is made again under the same id.
  const latest = new Map([...events.values()].map((event) => [event.id, event]));
  for (const event of latest.values()) {
    if (event.type !== 'auto-response.decided.v1') continue;
    const sid = String(event.data.messageSid);
    decisions.set(sid, [...(decisions.get(sid) ?? []), event]);
  }
  const replies = world.store
    .items('messaging')
    // A second try of a reply that nobody got is judged as such, by Twilio's books.
    .filter(
      ({ inReplyTo, purpose, retryOf }) =>
        inReplyTo !== undefined && purpose === undefined && retryOf === undefined,
    );
  for (const text of world.twilio.ledger.inbound.values()) {
    const decided = decisions.get(text.sid) ?? [];
    const own = replies.filter(({ inReplyTo }) => inReplyTo === text.sid);
    if (decided.length === 0) world.violate('lost', 'a text was never decided on', text.sid);
    if (text.acknowledgements === 0)
      world.coverage.reach('reached: a text whose webhooks all failed was found by the poll');
    if (decided.length > 1 || own.length > 1)
      world.violate('repeated-effect', `${decided.length} decisions, ${own.length} replies`, text.sid);
    const isReplied = decided[0]?.data.outcome === 'replied';
    if (decided.length === 1 && isReplied !== (own.length === 1))
      world.violate('lost', 'the decision and the reply disagree', text.sid);
    if (own.length > 0 && TWILIO_ANSWERS.has(text.body))
      world.violate('repeated-effect', `answered '${text.body}', which Twilio answers`, text.sid);
    if (text.acknowledgements > 1) world.coverage.reach('reached: a text acknowledged more than once');
    if (decided.length > 0)
      world.coverage.reach(`reached: text ${isReplied ? 'replied' : 'left unanswered'}`);
  }
  judgeIntervals(world, replies);
};

const judgeIntervals = (world: World, replies: readonly { readonly [name: string]: unknown }[]): void => {
  // What decided on the earlier one was undone.
  if (world.restoredAt !== undefined) return;
  const byPhone = new Map<string, number[]>();
  for (const { to, createdAt } of replies)
    byPhone.set(String(to), [...(byPhone.get(String(to)) ?? []), Number(createdAt)]);
  const shortest = INTERVAL_MILLISECONDS - 2 * world.profile.clockSkewMilliseconds;
  for (const [phone, times] of byPhone) {
    const sorted = times.sort((one, other) => one - other);
    const isTooSoon = sorted.some((at, index) => index > 0 && at - sorted[index - 1]! < shortest);
    if (isTooSoon) world.violate('repeated-effect', 'two replies within the minimum interval', phone);
  }
};
