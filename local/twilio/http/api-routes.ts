import { unauthenticated } from '../domain/twilio-error.ts';
import type { World } from '../engine/world.ts';
import { accountRoutes } from './account-routes.ts';
import { apiError } from './api-call.ts';
import { authenticate } from './authenticate.ts';
import { mediaRoutes } from './media-routes.ts';
import { messageRoutes } from './message-routes.ts';
import { numberRoutes } from './number-routes.ts';
import type { HttpRequest, Route } from './router.ts';
import { callRoutes } from './voice/call-routes.ts';
import { queueRoutes } from './voice/queue-routes.ts';
import { recordingRoutes } from './voice/recording-routes.ts';

/** The REST API, each route behind Basic authentication. */
export function apiRoutes(world: World): Route[] {
  return [
    ...messageRoutes,
    ...mediaRoutes,
    ...callRoutes,
    ...recordingRoutes,
    ...queueRoutes,
    ...numberRoutes,
    ...accountRoutes,
  ].map(({ method, path, handle }) => ({
    method,
    pattern: `/2010-04-01/Accounts/{AccountSid}${path}`,
    handle: (request, params) => {
      const sid = params.AccountSid ?? '';
      const account = authenticate(header(request, 'authorization'), sid, world.state.accounts);
      if (!account) return apiError(unauthenticated());
      return handle({ world, account, request, params, form: formOf(request) });
    },
  }));
}

function header(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const formOf = (request: HttpRequest) => new URLSearchParams(request.body.toString('utf8'));
