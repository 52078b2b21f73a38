import { createHash, createHmac } from 'node:crypto';

type ParameterValue = string | readonly string[];

export interface SignTwilioRequestInput {
  readonly authToken: string;
  /** As configured; user info and fragment are left out of the signature. */
  readonly url: string;
  /** The parameters of a form; absent for GET and for JSON. */
  readonly params?: Readonly<Record<string, ParameterValue>> | undefined;
  /** The bytes of a JSON body; `bodySHA256` is then added to the URL. */
  readonly rawBody?: string | Uint8Array | undefined;
  /** Voice over https signs without the port, messaging with it. Default `messaging`. */
  readonly product?: 'messaging' | 'voice' | undefined;
}

export interface SignedTwilioRequest {
  /** Where to send the request: without user info and fragment, with `bodySHA256` where there is a raw body. */
  readonly url: string;
  /** The value of `X-Twilio-Signature`. */
  readonly signature: string;
}

/**
 * Signs a request as Twilio does: base64 of HMAC-SHA1, keyed by the primary auth token, over the URL and the
 * form's names (sorted by code unit) and values. https://www.twilio.com/docs/usage/security
 */
export function signTwilioRequest(input: SignTwilioRequestInput): SignedTwilioRequest {
  const url = requestUrl(input.url, input.rawBody);
  const signed = signedUrl(url, input.product ?? 'messaging') + canonicalParameters(input.params ?? {});
  const signature = createHmac('sha1', input.authToken).update(signed, 'utf8').digest('base64');
  return { url, signature };
}

function requestUrl(url: string, rawBody: string | Uint8Array | undefined): string {
  const bare = withoutFragmentAndUserInfo(url);
  if (rawBody === undefined) return bare;
  const hash = createHash('sha256').update(rawBody).digest('hex');
  return `${bare}${bare.includes('?') ? '&' : '?'}bodySHA256=${hash}`;
}

/** Works on the text, since parsing would normalise what Twilio signs as it stands. */
export function withoutFragmentAndUserInfo(url: string): string {
  const [bare = ''] = url.split('#');
  return bare.replace(/^([a-z]+:\/\/)[^/?@]*@/i, '$1');
}

function signedUrl(url: string, product: 'messaging' | 'voice'): string {
  if (product === 'messaging' || !/^https:/i.test(url)) return url;
  return url.replace(/^(https:\/\/[^/?]*?):\d+(?=[/?]|$)/i, '$1');
}

/** A repeated name contributes each different value once, sorted, as Twilio's own libraries verify it. */
function canonicalParameters(params: Readonly<Record<string, ParameterValue>>): string {
  return Object.keys(params)
    .sort()
    .map((name) => {
      const value = params[name] ?? '';
      const values = typeof value === 'string' ? [value] : [...new Set(value)].sort();
      return values.map((each) => `${name}${each}`).join('');
    })
    .join('');
}
