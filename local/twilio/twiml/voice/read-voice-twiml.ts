import { parseXml, type XmlElement } from '../parse-xml.ts';
import { Attributes } from './attributes.ts';
import { readDial, readEnqueue, readRecord } from './read-connecting-verbs.ts';
import { readGather } from './read-gather.ts';
import { readPause, readPlay, readSay } from './read-prompt.ts';
import type { PlacedVerb, TwimlWarning, Verb, VoiceDocument } from './verbs.ts';

export interface VoiceAnswer {
  readonly contentType: string | undefined;
  readonly body: string;
  /** Where it came from: an audio file is played from there. */
  readonly url: string;
}

const largestTwimlBytes = 64 * 1024;

/**
 * What Twilio makes of the answer to a voice request: TwiML from XML and HTML types, audio is played, plain text
 * is read out unless it is TwiML (https://www.twilio.com/docs/voice/twiml), anything else is error 12300.
 */
export function readVoiceTwiml({ contentType, body, url }: VoiceAnswer): VoiceDocument {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (!type) return { kind: 'error', errorCode: 12300, detail: 'no Content-Type' };
  if (Buffer.byteLength(body) > largestTwimlBytes) {
    return { kind: 'error', errorCode: 11750, detail: 'the answer is larger than 64 kB' };
  }
  if (type.startsWith('audio/')) return verbsOnly({ verb: 'Play', url, loop: 1, digits: undefined });
  if (type === 'text/plain') {
    const document = readTwiml(body);
    return document.kind === 'verbs' ? document : verbsOnly({ verb: 'Say', text: body.trim(), loop: 1 });
  }
  if (['text/xml', 'application/xml', 'text/html'].includes(type)) return readTwiml(body);
  return { kind: 'error', errorCode: 12300, detail: `Content-Type ${type}` };
}

const verbsOnly = (verb: Verb): VoiceDocument => ({
  kind: 'verbs',
  verbs: [{ verb, attributes: {} }],
  warnings: [],
});

/** A `<Response>` and the verbs in it; what is not known is left out with a warning, and the rest is executed. */
export function readTwiml(text: string): VoiceDocument {
  const xml = parseXml(text);
  if (xml.kind === 'malformed') return { kind: 'error', errorCode: 12100, detail: xml.detail };
  if (xml.root.name !== 'Response') {
    return { kind: 'error', errorCode: 12102, detail: `the root element is ${xml.root.name}` };
  }
  const warnings: TwimlWarning[] = [];
  const verbs: PlacedVerb[] = [];
  for (const element of xml.root.children) {
    const attributes = new Attributes(element, warnings);
    const verb = readVerb(element, attributes, warnings);
    if (verb === undefined) continue;
    attributes.finish();
    verbs.push({ verb, attributes: element.attributes });
  }
  return { kind: 'verbs', verbs, warnings };
}

function readVerb(element: XmlElement, attributes: Attributes, warnings: TwimlWarning[]): Verb | undefined {
  switch (element.name) {
    case 'Say':
      return readSay(element, attributes);
    case 'Play':
      return readPlay(element, attributes);
    case 'Pause':
      return readPause(element, attributes);
    case 'Gather':
      return readGather(element, attributes, warnings);
    case 'Record':
      return readRecord(element, attributes);
    case 'Dial':
      return readDial(element, attributes, warnings);
    case 'Enqueue':
      return readEnqueue(element, attributes, warnings);
    case 'Redirect':
      return {
        verb: 'Redirect',
        to: { url: element.text.trim(), method: attributes.method('method', 13710) },
      };
    case 'Reject':
      return {
        verb: 'Reject',
        reason: attributes.choice('reason', ['rejected', 'busy'], { fallback: 'rejected' }),
      };
    case 'Hangup':
      return { verb: 'Hangup' };
    case 'Leave':
      return { verb: 'Leave' };
    default:
      attributes.warn(12200, notExecuted.has(element.name) ? 'it is not simulated' : 'there is no such verb');
      return undefined;
  }
}

/** Verbs that Twilio has and the simulator does not execute. */
const notExecuted: ReadonlySet<string> = new Set([
  ...['Connect', 'Echo', 'Pay', 'Prompt', 'Queue', 'Refer', 'Sms', 'Start', 'Stop'],
]);
