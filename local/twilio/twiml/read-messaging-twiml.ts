import { parseXml, type XmlElement } from './parse-xml.ts';

/** A reply that a `<Message>` (or the old `<Sms>`) asks for. */
export interface TwimlReply {
  readonly body: string;
  readonly mediaUrls: readonly string[];
  readonly to?: string | undefined;
  readonly from?: string | undefined;
  readonly statusCallback?: string | undefined;
}

export type MessagingTwiml =
  | {
      readonly kind: 'replies';
      readonly replies: readonly TwimlReply[];
      readonly redirect?: { readonly url: string; readonly method: 'GET' | 'POST' } | undefined;
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'error'; readonly errorCode: number; readonly detail: string };

export interface WebhookAnswer {
  readonly statusCode: number;
  readonly contentType: string | undefined;
  readonly body: string;
}

const largestTwimlBytes = 64 * 1024;

/**
 * What Twilio makes of the answer to an inbound message: TwiML from an XML or HTML type, a reply from plain
 * text, otherwise error 12300 (https://www.twilio.com/docs/api/errors/12300, 11750 above 64 kB).
 */
export function readMessagingTwiml(answer: WebhookAnswer): MessagingTwiml {
  if (answer.statusCode === 204) return silence;
  const type = answer.contentType?.split(';')[0]?.trim().toLowerCase();
  if (!type) return { kind: 'error', errorCode: 12300, detail: 'no Content-Type' };
  if (Buffer.byteLength(answer.body) > largestTwimlBytes) {
    return { kind: 'error', errorCode: 11750, detail: 'the answer is larger than 64 kB' };
  }
  if (type === 'text/plain') return answer.body === '' ? silence : plainText(answer.body);
  if (!['text/xml', 'application/xml', 'text/html'].includes(type)) {
    return { kind: 'error', errorCode: 12300, detail: `Content-Type ${type}` };
  }
  const xml = parseXml(answer.body);
  if (xml.kind === 'malformed') return { kind: 'error', errorCode: 12100, detail: xml.detail };
  if (xml.root.name !== 'Response') {
    return { kind: 'error', errorCode: 12102, detail: `the root element is ${xml.root.name}` };
  }
  return readResponse(xml.root);
}

const silence: MessagingTwiml = { kind: 'replies', replies: [], warnings: [] };

const plainText = (body: string): MessagingTwiml => ({
  kind: 'replies',
  replies: [{ body, mediaUrls: [] }],
  warnings: [],
});

function readResponse(root: XmlElement): MessagingTwiml {
  const replies: TwimlReply[] = [];
  const warnings: string[] = [];
  for (const verb of root.children) {
    if (verb.name === 'Redirect') {
      const method = verb.attributes.method?.toUpperCase() === 'GET' ? 'GET' : 'POST';
      return { kind: 'replies', replies, redirect: { url: verb.text.trim(), method }, warnings };
    }
    if (verb.name === 'Message' || verb.name === 'Sms') replies.push(readMessage(verb));
    else warnings.push(`<${verb.name}> is not a verb of messaging TwiML`);
  }
  return { kind: 'replies', replies, warnings };
}

function readMessage(verb: XmlElement): TwimlReply {
  const named = (name: string) => verb.children.filter((child) => child.name === name);
  const nouns = named('Body').map(({ text }) => text);
  return {
    body: (nouns.length > 0 ? nouns.join('') : verb.text).trim(),
    mediaUrls: named('Media').map(({ text }) => text.trim()),
    to: verb.attributes.to,
    from: verb.attributes.from,
    statusCallback: verb.attributes.statusCallback,
  };
}
