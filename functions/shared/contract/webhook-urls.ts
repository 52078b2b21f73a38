import { HOOK_ROUTES, type HookRoute } from './routes.ts';

/**
 * Connection overrides for every webhook that we have Twilio call: it retries connect failures only unless told
 * otherwise, and gives all tries together 15 s (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
 * Three more tries on anything, each given 3.5 s, fit into that. The fragment is not part of the signed URL.
 */
export const CONNECTION_OVERRIDES = '#rc=3&rp=all&ct=2000&rt=3500';

/** The URL of a hook as it is given to Twilio. */
export function webhookUrl(
  hooksOrigin: string,
  route: HookRoute,
  parameters: { readonly accountSid: string; readonly token?: string },
): string {
  const path = HOOK_ROUTES[route]
    .replace('{accountSid}', parameters.accountSid)
    .replace('{token}', parameters.token ?? '');
  return `${hooksOrigin}${path}${CONNECTION_OVERRIDES}`;
}
