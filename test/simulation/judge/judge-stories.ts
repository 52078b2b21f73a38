import { CONSUMERS } from '../../../functions/shared/contract/consumers.ts';
import type { World } from '../world/world.ts';
import type { CommittedEvent } from './judge.ts';

/**
 * Every event of every committed write stands on the timeline, once. One gap is known and counted apart: the events of an
 * item that publish-events set aside are in no table any more once the item is written again (docs/simulation.md).
 */
export const judgeStories = (world: World, events: ReadonlyMap<string, CommittedEvent>): void => {
  const told = new Map<string, number>();
  for (const { eventId } of world.store.items('timeline')) {
    if (typeof eventId === 'string') told.set(eventId, (told.get(eventId) ?? 0) + 1);
  }
  const kinds: readonly string[] = CONSUMERS.timeline.events;
  for (const { id, type, data } of events.values()) {
    if (!kinds.includes(type)) continue;
    world.coverage.reach(`event: ${type}`);
    const times = told.get(id) ?? 0;
    if (times === 1) continue;
    if (times === 0 && world.setAside.some(({ key }) => key.includes(subjectOf(id)))) {
      world.knownGaps.push(
        `${type} of ${subjectOf(id)} was lost when its item, set aside by publish-events, was written again`,
      );
      continue;
    }
    world.violate(
      'incomplete-story',
      `${type} stands ${times} times on the timeline`,
      String(data.intentId ?? data.messageSid ?? id),
    );
  }
};

/** `messaging/int_.../7/0`: the part that stands in the item's key. */
const subjectOf = (eventId: string): string => eventId.split('/').slice(1, -2).join('/');
