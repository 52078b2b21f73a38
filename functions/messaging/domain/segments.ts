import { smartEncode } from './smart-encoding.ts';

/**
 * How a text is cut into SMS: 160 septets alone or 153 each in GSM-7, 70 or 67 UTF-16 units in UCS-2, the rest is the
 * header that joins the parts (3GPP TS 23.038, 6.2.1, and TS 23.040, 9.2.3.24). Twilio bills and paces by these parts.
 */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Behind an escape: two septets. */
const EXTENSION = new Set('\f^{}\\[~]|€');

const GSM_7 = { alone: 160, joined: 153 };
const UCS_2 = { alone: 70, joined: 67 };

export type Encoding = 'GSM-7' | 'UCS-2';

/** What is known of a text before it is sent. */
export type TextSize = { readonly encoding: Encoding; readonly segments: number };

export interface SegmentedText {
  readonly encoding: Encoding;
  /** At least one; joined they are the text as it is sent. */
  readonly segments: readonly string[];
}

/** How the Messaging Service that sends the text is set. */
export interface EncodingSettings {
  readonly smartEncoding: boolean;
}

/**
 * Cuts where nothing is split that is read as one: an escape and its letter, the parts of an emoji. So does Twilio's own
 * segment calculator.
 */
export function segmentText(given: string, { smartEncoding }: EncodingSettings): SegmentedText {
  const text = smartEncoding ? smartEncode(given) : given;
  const characters = [...text];
  if (characters.every((character) => BASIC.has(character) || EXTENSION.has(character)))
    return { encoding: 'GSM-7', segments: cut(characters, septetsOf, GSM_7) };
  return {
    encoding: 'UCS-2',
    segments: text.length <= UCS_2.alone ? [text] : cut(readAsOne(text), unitsOf, UCS_2),
  };
}

export function sizeOfText(text: string, settings: EncodingSettings): TextSize {
  const { encoding, segments } = segmentText(text, settings);
  return { encoding, segments: segments.length };
}

const septetsOf = (character: string): number => (EXTENSION.has(character) ? 2 : 1);
const unitsOf = (grapheme: string): number => grapheme.length;

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** What no segment could hold whole falls apart into its characters, and so does the end of a line of two. */
const readAsOne = (text: string): readonly string[] =>
  Array.from(graphemes.segment(text), ({ segment }) => segment).flatMap((grapheme) =>
    grapheme.length > UCS_2.joined || grapheme === '\r\n' ? [...grapheme] : [grapheme],
  );

function cut(
  parts: readonly string[],
  width: (part: string) => number,
  { alone, joined }: typeof GSM_7,
): readonly string[] {
  const total = parts.reduce((sum, part) => sum + width(part), 0);
  if (total <= alone) return [parts.join('')];
  const segments: string[] = [];
  let segment = '';
  let filled = 0;
  for (const part of parts) {
    if (filled + width(part) > joined) {
      segments.push(segment);
      segment = '';
      filled = 0;
    }
    segment += part;
    filled += width(part);
  }
  return [...segments, segment];
}
