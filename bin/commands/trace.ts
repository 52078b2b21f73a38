import { setTimeout as wait } from 'node:timers/promises';
import { renderStory } from '../terminal/story.ts';
import { createApplicationClient, wholeTimeline } from './application-client.ts';
import { CommandError } from './command-error.ts';

const FOLLOW_MILLISECONDS = 500;

/** Prints the story of an id. */
export async function trace(
  id: string,
  options: { readonly json?: boolean; readonly follow?: boolean },
): Promise<void> {
  const client = createApplicationClient();
  let shown = 0;
  for (;;) {
    const timeline = await wholeTimeline(client, id);
    if (timeline === undefined && options.follow !== true)
      throw new CommandError(`nothing is known under ${id}`);
    if (timeline !== undefined && timeline.entries.length !== shown) {
      console.log(options.json === true ? JSON.stringify(timeline, undefined, 2) : renderStory(timeline));
      shown = timeline.entries.length;
    }
    if (options.follow !== true) return;
    await wait(FOLLOW_MILLISECONDS);
  }
}
