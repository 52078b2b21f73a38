import type { PostOnceRequest, PostResult } from '../../../functions/shared/twilio/post-once.ts';
import { activeWorld } from '../world/active-world.ts';

/** Takes the place of the socket in the simulation's bundle: everything above it is the real client. */
export const postOnce = (post: PostOnceRequest): Promise<PostResult> => {
  const world = activeWorld();
  const form = new URLSearchParams(post.body);
  const sid = /\/Messages\/(\w+)\.json$/.exec(post.url.pathname)?.[1];
  if (sid !== undefined) {
    return world.ports.call({
      name: 'POST cancel',
      about: sid,
      effect: () => {
        const { result, after } = world.twilio.cancel(sid, post.timeoutMilliseconds);
        return { kind: 'value', value: result, after };
      },
    });
  }
  return world.ports.call({
    name: 'POST message',
    about: `${form.get('To')} ${new URL(form.get('StatusCallback') ?? post.url).pathname.split('/').at(-1)}`,
    effect: () => {
      const { result, after } = world.twilio.post({ form, timeoutMilliseconds: post.timeoutMilliseconds });
      return { kind: 'value', value: result, after };
    },
  });
};
