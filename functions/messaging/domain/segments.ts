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

export interface SegmentedText {
  readonly encoding: 'GSM-7' | 'UCS-2';
  /** At least one; joined they are the text. */
  readonly segments: readonly string[];
}

/** Cuts where no character is split: neither an escape from its letter nor a surrogate from its partner. */
export function segmentText(text: string): SegmentedText {
  const characters = [...text];
  const isGsm = characters.every((character) => BASIC.has(character) || EXTENSION.has(character));
  const width = isGsm ? septetsOf : (character: string) => character.length;
  const limits = isGsm ? GSM_7 : UCS_2;
  return { encoding: isGsm ? 'GSM-7' : 'UCS-2', segments: cut(characters, width, limits) };
}

export const countSegments = (text: string): number => segmentText(text).segments.length;

const septetsOf = (character: string): number => (EXTENSION.has(character) ? 2 : 1);

function cut(
  characters: readonly string[],
  width: (character: string) => number,
  { alone, joined }: typeof GSM_7,
): readonly string[] {
  const total = characters.reduce((sum, character) => sum + width(character), 0);
  if (total <= alone) return [characters.join('')];
  const segments: string[] = [];
  let segment = '';
  let filled = 0;
  for (const character of characters) {
    if (filled + width(character) > joined) {
      segments.push(segment);
      segment = '';
      filled = 0;
    }
    segment += character;
    filled += width(character);
  }
  return [...segments, segment];
}
