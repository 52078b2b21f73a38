import { renderWorkspace } from '../../domain/task-router/render.ts';
import { unauthenticated } from '../../domain/twilio-error.ts';
import type { World } from '../../engine/world.ts';
import { apiError } from '../api-call.ts';
import { authenticateAny } from '../authenticate.ts';
import type { HttpRequest, Route } from '../router.ts';
import { inWorkspace, listReply } from './router-call.ts';
import { taskRoutes } from './task-routes.ts';
import { workspaceRoutes } from './workspace-routes.ts';

/** taskrouter.twilio.com. Workspaces themselves come from the configuration. */
export function taskRouterRoutes(world: World): Route[] {
  return [
    {
      method: 'GET',
      pattern: '/v1/Workspaces',
      handle: (request) => listWorkspaces(world, request),
    },
    ...[...workspaceRoutes, ...taskRoutes].map(({ method, path, handle }) => ({
      method,
      pattern: `/v1/Workspaces/{WorkspaceSid}${path}`,
      handle: inWorkspace(world, handle),
    })),
  ];
}

function listWorkspaces(world: World, request: HttpRequest) {
  const { authorization } = request.headers;
  const credentials = typeof authorization === 'string' ? authorization : undefined;
  const account = authenticateAny(credentials, world.state.accounts);
  if (!account) return apiError(unauthenticated());
  const { workspaces } = world.state.taskRouter;
  const items = Object.values(workspaces).filter(({ accountSid }) => accountSid === account.accountSid);
  const render = (sid: string) => {
    const workspace = workspaces[sid];
    return workspace ? renderWorkspace(workspace, world.state.taskRouter) : {};
  };
  return listReply(request, { key: 'workspaces', items, render });
}
