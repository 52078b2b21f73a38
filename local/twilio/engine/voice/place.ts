import type { HttpMethod } from '../../domain/voice/call.ts';
import type { WebhookParameters } from '../../domain/webhook-parameters.ts';
import type { Link } from '../../twiml/voice/verbs.ts';
import type { Step } from './live-call.ts';

/** Where the document that is executed came from. */
export interface Place {
  /** Undefined for TwiML that came with a request: nothing relative can be resolved there. */
  readonly url: string | undefined;
  /** The document's own address, which `<Gather>` and `<Record>` go back to without an action. */
  own(method: HttpMethod): Link;
}

export const placeAt = (url: string | undefined): Place => ({
  url,
  own: (method) => ({ url: url ?? '', method }),
});

/** An absolute URL, or undefined where there is nothing to resolve it against. */
export function absolute(place: Place, url: string): string | undefined {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url;
  if (place.url === undefined || !URL.canParse(url, place.url)) return undefined;
  return new URL(url, place.url).href;
}

interface Going {
  readonly place: Place;
  readonly extra?: WebhookParameters | undefined;
}

/** Goes to another document; a URL that leads nowhere is error 11100. */
export function linkSource(link: Link, { place, extra }: Going): Step {
  const url = absolute(place, link.url);
  if (url !== undefined) return { kind: 'goto', source: { kind: 'page', url, method: link.method, extra } };
  return { kind: 'failed', errorCode: 11100, detail: `Invalid URL format: ${link.url}` };
}
