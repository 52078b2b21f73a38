import type { XmlElement } from '../parse-xml.ts';
import type { Attributes } from './attributes.ts';
import type { Pause, Play, Prompt, Say } from './verbs.ts';

const longestTextCharacters = 4096;

export function readSay(element: XmlElement, attributes: Attributes): Say | undefined {
  attributes.ignore('voice', 'language');
  const loop = attributes.whole('loop', { fallback: 1, min: 0, max: 1000, errorCode: 13510 });
  const text = spokenText(element).replace(/\s+/g, ' ').trim();
  if (text.length > longestTextCharacters) {
    attributes.warn(
      13521,
      `the text has ${text.length} characters, at most ${longestTextCharacters} are said`,
    );
    return undefined;
  }
  if (text === '') {
    attributes.warn(13520, 'there is nothing to say');
    return undefined;
  }
  return { verb: 'Say', text, loop };
}

/** SSML elements are said as what stands in them; `<break>` is a short silence. */
function spokenText(element: XmlElement): string {
  return [element.text, ...element.children.map(spokenText)].join(' ');
}

export function readPlay(element: XmlElement, attributes: Attributes): Play {
  return {
    verb: 'Play',
    url: element.text.trim(),
    digits: attributes.text('digits'),
    loop: attributes.whole('loop', { fallback: 1, min: 0, max: 1000, errorCode: 13410 }),
  };
}

export function readPause(_: XmlElement, attributes: Attributes): Pause {
  const seconds = attributes.whole('length', { fallback: 1, min: 1, max: 86_400, errorCode: 13910 });
  return { verb: 'Pause', ms: seconds * 1000 };
}

export function readPrompt(element: XmlElement, attributes: Attributes): Prompt | undefined {
  switch (element.name) {
    case 'Say':
      return readSay(element, attributes);
    case 'Play':
      return readPlay(element, attributes);
    default:
      return readPause(element, attributes);
  }
}
