import { renderStory } from '../terminal/story.ts';
import { createApplicationClient, followTimeline } from './application-client.ts';

export interface SendOptions {
  readonly class: string;
  readonly media: readonly string[];
  readonly key?: string;
  readonly sendAt?: string;
  readonly correlationId?: string;
  readonly use?: string;
  readonly campaign?: string;
  readonly follow: boolean;
}

const FOLLOW_SECONDS = 15;

/** Sends one text and shows what became of it. */
export async function send(to: string, text: string, options: SendOptions): Promise<void> {
  const client = createApplicationClient();
  const accepted = await client.send(
    {
      to,
      body: text,
      trafficClass: options.class,
      ...(options.media.length === 0 ? {} : { mediaUrls: options.media }),
      ...(options.sendAt === undefined ? {} : { sendAt: options.sendAt }),
      ...(options.use === undefined ? {} : { use: options.use }),
      ...(options.campaign === undefined ? {} : { campaign: options.campaign }),
      ...(options.correlationId === undefined ? {} : { correlationId: options.correlationId }),
    },
    options.key,
  );
  console.log(`${accepted.id}  ${accepted.state}`);
  if (!options.follow || options.sendAt !== undefined) return;
  const timeline = await followTimeline(client, accepted.id, FOLLOW_SECONDS);
  if (timeline !== undefined) console.log(renderStory(timeline));
}
