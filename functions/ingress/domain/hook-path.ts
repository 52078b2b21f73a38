import { HOOK_ROUTES, type HookRoute } from '../../shared/contract/routes.ts';

/** A request to a known route whose path parameters have the right form. */
export interface HookPath {
  readonly route: HookRoute;
  readonly accountSid: string;
  /** Token of the send attempt, where the route has one. */
  readonly token?: string;
  /** Rebuilt from the route constant, never taken from the request. */
  readonly path: string;
}

const ACCOUNT_SID = /^AC[0-9a-f]{32}$/;
/** 128 random bits, base64url. */
const TOKEN = /^[A-Za-z0-9_-]{22}$/;

/** @returns undefined for everything that gets 404. */
export const resolveHookPath = (
  routeKey: string,
  parameters: Readonly<Record<string, string | undefined>>,
): HookPath | undefined => {
  const route = ROUTE_OF_KEY.get(routeKey);
  const { accountSid = '', token } = parameters;
  if (route === undefined || !ACCOUNT_SID.test(accountSid)) return undefined;
  const path = HOOK_ROUTES[route].replace('{accountSid}', accountSid);
  if (!path.includes('{token}')) return { route, accountSid, path };
  if (token === undefined || !TOKEN.test(token)) return undefined;
  return { route, accountSid, token, path: path.replace('{token}', token) };
};

const SERVED: Readonly<Record<HookRoute, true>> = {
  inboundMessage: true,
  inboundMessageFallback: true,
  messageStatus: true,
  messageStatusOfAttempt: true,
  callStatus: true,
  callStatusOfAttempt: true,
  recordings: true,
  machineDetection: true,
  taskRouterEvents: true,
  taskRouterAssignment: true,
  eventStreams: true,
  debugger: true,
};

const isServed = (name: string): name is HookRoute => Object.hasOwn(SERVED, name);

const ROUTE_OF_KEY: ReadonlyMap<string, HookRoute> = new Map(
  Object.keys(SERVED)
    .filter(isServed)
    .map((route) => [`POST ${HOOK_ROUTES[route]}`, route]),
);
