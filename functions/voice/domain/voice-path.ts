import { VOICE_ROUTES, type VoiceRoute } from '../../shared/contract/routes.ts';

/** A request for TwiML whose path parameters have the right form. */
export interface VoicePath {
  readonly route: VoiceRoute;
  readonly accountSid: string;
  /** Empty for an inbound call. */
  readonly token: string;
  /** Rebuilt from the route constant, never taken from the request. */
  readonly path: string;
}

const ACCOUNT_SID = /^AC[0-9a-f]{32}$/;
/** 128 bits, base64url: bare for the start of an outbound call, after a letter for what follows. */
const TOKENS: Readonly<Record<VoiceRoute, RegExp>> = {
  callInbound: /^$/,
  callStep: /^s?[A-Za-z0-9_-]{22}$/,
  callWait: /^w[A-Za-z0-9_-]{22}$/,
};

/** @returns undefined for everything that gets 404. */
export const resolveVoicePath = (
  routeKey: string,
  parameters: Readonly<Record<string, string | undefined>>,
): VoicePath | undefined => {
  const route = ROUTE_OF_KEY.get(routeKey);
  const { accountSid = '', token = '' } = parameters;
  if (route === undefined || !ACCOUNT_SID.test(accountSid) || !TOKENS[route].test(token)) return undefined;
  const path = VOICE_ROUTES[route].replace('{accountSid}', accountSid).replace('{token}', token);
  return { route, accountSid, token, path };
};

/** Tokens of later steps have a letter more than an attempt's. */
export const isLaterStep = (token: string): boolean => token.length === 23;

const ROUTE_OF_KEY: ReadonlyMap<string, VoiceRoute> = new Map([
  [`POST ${VOICE_ROUTES.callInbound}`, 'callInbound'],
  [`POST ${VOICE_ROUTES.callStep}`, 'callStep'],
  [`POST ${VOICE_ROUTES.callWait}`, 'callWait'],
]);
