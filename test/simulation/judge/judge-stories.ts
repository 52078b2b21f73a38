import { CONSUMERS } from '../../../functions/shared/contract/consumers.ts';
import type { World } from '../world/world.ts';
import { type CommittedEvent, keyOfEvent } from './judge.ts';

/** Every event of every committed write stands on the timeline, once; nothing that was set aside is left. */
export const judgeStories = (world: World, events: ReadonlyMap<string, CommittedEvent>): void => {
  const told = new Map<string, number>();
  for (const { eventId, at } of world.store.items('timeline')) {
    if (typeof eventId !== 'string') continue;
    const key = keyOfEvent(eventId, String(at));
    told.set(key, (told.get(key) ?? 0) + 1);
  }
  const kinds: readonly string[] = CONSUMERS.timeline.events;
  for (const [key, { id, type, data }] of events) {
    if (!kinds.includes(type)) continue;
    world.coverage.reach(`event: ${type}`);
    const times = told.get(key) ?? 0;
    if (times === 1) continue;
    world.violate(
      'incomplete-story',
      `${type} stands ${times} times on the timeline`,
      String(data.intentId ?? data.messageSid ?? id),
    );
  }
  if (world.publishFailed.size > 0)
    world.violate(
      'incomplete-story',
      `${world.publishFailed.size} messages set aside for good`,
      'publish-failed',
    );
};
