import { createRandom } from '../domain/random.ts';
import { notFound, unauthenticated } from '../domain/twilio-error.ts';
import { nextOrdinal, type World } from '../engine/world.ts';
import type { AccountRecord } from '../state/simulator-state.ts';
import { apiError } from './api-call.ts';
import { authenticateAny } from './authenticate.ts';
import { json, noContent, type Reply } from './reply.ts';
import type { HttpRequest, Route } from './router.ts';

/**
 * Rotation of the auth token as accounts.twilio.com serves it: a secondary token signs nothing until it is
 * promoted, and the old primary is worth nothing afterwards.
 */
export function authTokenRoutes(world: World): Route[] {
  const own = (answer: (account: AccountRecord, request: HttpRequest) => Reply) => (request: HttpRequest) => {
    const authorization = request.headers.authorization;
    const account = authenticateAny(
      typeof authorization === 'string' ? authorization : undefined,
      world.state.accounts,
    );
    return account ? answer(account, request) : apiError(unauthenticated());
  };
  return [
    {
      method: 'POST',
      pattern: '/v1/AuthTokens/Secondary',
      handle: own((account) => {
        const ordinal = nextOrdinal(world, `token:${account.accountSid}`);
        account.secondaryAuthToken = createRandom(world.state.seed, account.accountSid, ordinal).hex(32);
        return json(201, render(world, account, { secondary_auth_token: account.secondaryAuthToken }));
      }),
    },
    {
      method: 'DELETE',
      pattern: '/v1/AuthTokens/Secondary',
      handle: own((account) => {
        account.secondaryAuthToken = undefined;
        return noContent();
      }),
    },
    {
      method: 'POST',
      pattern: '/v1/AuthTokens/Promote',
      handle: own((account, request) => {
        if (account.secondaryAuthToken === undefined) return apiError(notFound(request.path));
        account.authToken = account.secondaryAuthToken;
        account.secondaryAuthToken = undefined;
        return json(200, render(world, account, { auth_token: account.authToken }));
      }),
    },
  ];
}

function render(world: World, account: AccountRecord, token: Record<string, string>) {
  const [path] = Object.keys(token);
  const leaf = path === 'auth_token' ? 'Promote' : 'Secondary';
  return {
    account_sid: account.accountSid,
    date_created: new Date(account.createdAt).toISOString(),
    date_updated: new Date(world.clock.now()).toISOString(),
    ...token,
    url: `https://accounts.twilio.com/v1/AuthTokens/${leaf}`,
  };
}
