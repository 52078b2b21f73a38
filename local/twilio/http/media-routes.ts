import { pageOf, renderPage } from '../domain/list-messages.ts';
import { createRandom } from '../domain/random.ts';
import { rfc2822 } from '../domain/render-message.ts';
import { notFound } from '../domain/twilio-error.ts';
import type { World } from '../engine/world.ts';
import type { MediaRecord } from '../state/simulator-state.ts';
import { type ApiCall, type ApiRoute, apiError } from './api-call.ts';
import { bytes, json, noContent, problem, type Reply, redirect } from './reply.ts';
import type { Route } from './router.ts';

const base = '/Messages/{MessageSid}/Media';

export const mediaRoutes: readonly ApiRoute[] = [
  { method: 'GET', path: `${base}.json`, handle: listMedia },
  {
    method: 'GET',
    path: `${base}/{Sid}.json`,
    handle: (call) => withMedia(call, (media) => json(200, renderMedia(media))),
  },
  {
    method: 'DELETE',
    path: `${base}/{Sid}.json`,
    handle: (call) => withMedia(call, (media) => deleteMedia(call, media)),
  },
  {
    method: 'GET',
    path: `${base}/{Sid}`,
    handle: (call) => withMedia(call, (media) => redirectToBytes(call, media)),
  },
];

function withMedia(
  { world, account, params, request }: ApiCall,
  answer: (media: MediaRecord) => Reply,
): Reply {
  const media = world.state.media[params.Sid ?? ''];
  const owned = media && media.accountSid === account.accountSid && media.messageSid === params.MessageSid;
  return owned ? answer(media) : apiError(notFound(request.path));
}

function listMedia({ world, account, params, request }: ApiCall): Reply {
  const message = world.state.messages[params.MessageSid ?? ''];
  if (!message || message.accountSid !== account.accountSid) return apiError(notFound(request.path));
  const media = message.mediaSids.flatMap((sid) => world.state.media[sid] ?? []);
  const result = pageOf(media, request.query);
  if (result.kind === 'invalid') return apiError(result.error);
  const page = { ...result.page, items: result.page.items.map(renderMedia) };
  return json(200, renderPage('media_list', page, request));
}

function renderMedia(media: MediaRecord): Record<string, unknown> {
  return {
    account_sid: media.accountSid,
    content_type: media.contentType,
    date_created: rfc2822(media.createdAt),
    date_updated: rfc2822(media.createdAt),
    parent_sid: media.messageSid,
    sid: media.sid,
    uri: `/2010-04-01/Accounts/${media.accountSid}/Messages/${media.messageSid}/Media/${media.sid}.json`,
  };
}

function deleteMedia({ world }: ApiCall, media: MediaRecord): Reply {
  const message = world.state.messages[media.messageSid];
  delete world.state.media[media.sid];
  message?.mediaSids.splice(message.mediaSids.indexOf(media.sid), 1);
  return noContent();
}

/** Twilio answers with a redirect to its storage, where the credentials do not belong: a client must drop them. */
function redirectToBytes({ world }: ApiCall, media: MediaRecord): Reply {
  if (media.base64 === undefined) return redirect(307, media.sourceUrl ?? '');
  return redirect(
    307,
    `${world.publicUrl()}/simulator/storage/${media.sid}/${storageToken(world, media.sid)}`,
  );
}

const storageToken = (world: World, sid: string) => createRandom(world.state.seed, 'storage', sid).hex(32);

/** The storage host's part: no credentials, only a token in the address. */
export function storageRoutes(world: World): Route[] {
  return [
    {
      method: 'GET',
      pattern: '/simulator/storage/{sid}/{token}',
      handle: (_, { sid = '', token }) => {
        const media = world.state.media[sid];
        if (!media?.base64 || token !== storageToken(world, sid))
          return problem(404, 'There is no such object');
        return bytes(media.contentType, Buffer.from(media.base64, 'base64'));
      },
    },
  ];
}
