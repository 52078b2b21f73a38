import { HOOK_ROUTES, type HookRoute, VOICE_ROUTES, type VoiceRoute } from './routes.ts';

const ROUTES = { ...HOOK_ROUTES, ...VOICE_ROUTES };

/**
 * Connection overrides for every webhook that we have Twilio call: it retries connect failures only unless told
 * otherwise, and gives all tries together 15 s (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
 * Three more tries on anything, each given 3.5 s, fit into that. The fragment is not part of the signed URL.
 */
export const CONNECTION_OVERRIDES = '#rc=3&rp=all&ct=2000&rt=3500';

/** The URL of a hook as it is given to Twilio. */
export function webhookUrl(
  hooksOrigin: string,
  route: HookRoute | VoiceRoute,
  parameters: { readonly accountSid: string; readonly token?: string },
): string {
  const path = ROUTES[route]
    .replace('{accountSid}', parameters.accountSid)
    .replace('{token}', parameters.token ?? '');
  return `${hooksOrigin}${path}${CONNECTION_OVERRIDES}`;
}
