import type { XmlElement } from '../parse-xml.ts';
import { Attributes } from './attributes.ts';
import { readPrompt } from './read-prompt.ts';
import type { Gather, Prompt, TwimlWarning } from './verbs.ts';

const longestTimeoutSeconds = 86_400;

/** https://www.twilio.com/docs/voice/twiml/gather */
export function readGather(element: XmlElement, attributes: Attributes, warnings: TwimlWarning[]): Gather {
  const timeout = attributes.whole('timeout', {
    fallback: 5,
    min: 1,
    max: longestTimeoutSeconds,
    errorCode: 13313,
  });
  const numDigits = attributes.whole('numDigits', { fallback: 0, min: 1, max: 1000, errorCode: 13314 });
  const method = attributes.method('method', 13312);
  const action = attributes.text('action')?.trim();
  const partial = attributes.link('partialResultCallback', 'partialResultCallbackMethod');
  attributes.ignore('hints', 'language', 'speechModel', 'enhanced', 'profanityFilter', 'debug');
  return {
    verb: 'Gather',
    method,
    action: action ? { url: action, method } : undefined,
    actionOnEmptyResult: attributes.flag('actionOnEmptyResult', false, 13338),
    partialResultCallback: partial,
    prompts: readPrompts(element, warnings),
    rules: {
      input: attributes.words('input', ['dtmf', 'speech'], ['dtmf']),
      numDigits: numDigits === 0 ? undefined : numDigits,
      finishOnKey: readFinishKey(attributes),
      timeoutMs: timeout * 1000,
      speechTimeoutMs: readSpeechTimeout(attributes, timeout) * 1000,
      maxSpeechMs:
        attributes.whole('maxSpeechTime', { fallback: 60, min: 1, max: 60, errorCode: 12200 }) * 1000,
      bargeIn: attributes.flag('bargeIn', true),
    },
  };
}

function readFinishKey(attributes: Attributes): string {
  const key = attributes.text('finishOnKey');
  if (key === undefined) return '#';
  if (/^[0-9#*]?$/.test(key)) return key;
  attributes.warn(13310, `finishOnKey="${key}" is not a single key`);
  return '#';
}

/** `auto` ends with the first pause: one second (assumption). Without a value it is the timeout. */
function readSpeechTimeout(attributes: Attributes, timeout: number): number {
  const text = attributes.text('speechTimeout');
  if (text === undefined) return timeout;
  if (text === 'auto') return 1;
  return attributes.whole('speechTimeout', {
    fallback: timeout,
    min: 1,
    max: longestTimeoutSeconds,
    errorCode: 13335,
  });
}

function readPrompts(element: XmlElement, warnings: TwimlWarning[]): Prompt[] {
  return element.children.flatMap((child) => {
    const attributes = new Attributes(child, warnings);
    if (!['Say', 'Play', 'Pause'].includes(child.name)) {
      attributes.warn(13320, 'it cannot be nested in <Gather>');
      return [];
    }
    const prompt = readPrompt(child, attributes);
    attributes.finish();
    return prompt ? [prompt] : [];
  });
}
