import type { Item } from '../../../functions/shared/ports/table-client.ts';
import type { World } from '../world/world.ts';

/** What tells two messages apart once the table that knew their attempts is gone. */
const keyOf = (to: unknown, body: unknown, service: unknown): string => JSON.stringify([to, body, service]);

/**
 * After a restore, whose of several identical messages is whose nobody can tell any more; that each was sent once is told by their
 * number. Requests that the restore has undone, and that came too late when they were repeated, count as asked for.
 */
export const judgeRestored = (world: World, intents: readonly Item[]): void => {
  const groups = new Map<string, { asked: number; accepted: number; gone: number; sent: string[] }>();
  const groupOf = (key: string) => {
    const group = groups.get(key) ?? { asked: 0, accepted: 0, gone: 0, sent: [] };
    groups.set(key, group);
    return group;
  };
  for (const { to, body, messagingServiceSid, state } of intents) {
    const group = groupOf(keyOf(to, body, messagingServiceSid));
    group.asked += 1;
    if (state === 'ACCEPTED') group.accepted += 1;
  }
  const ids = new Set(intents.map(({ id }) => id));
  for (const undone of world.judge.lostAttempts(ids))
    groupOf(keyOf(undone.to, undone.body, undone.messagingServiceSid)).gone += 1;
  for (const { sid, to, body, messagingServiceSid, token } of world.twilio.ledger.messages.values())
    if (token !== undefined) groupOf(keyOf(to, body, messagingServiceSid)).sent.push(sid);
  for (const [key, { asked, accepted, gone, sent }] of groups) {
    if (sent.length > asked + gone)
      world.violate(
        'duplicate',
        `Twilio has ${sent.length} of ${asked + gone} asked for: ${sent.join()}`,
        key,
      );
    else if (sent.length > accepted + gone)
      world.violate(
        'wrong-outcome',
        `Twilio has ${sent.length}, ${accepted} are accepted: ${sent.join()}`,
        key,
      );
  }
};
