/** Lines that mail programs and telephones add below a text. */
const SIGNATURE = /^(?:sent from|sent via|get outlook|enviado desde|envoye de|gesendet von|von meinem|--)/;
const QUOTED = /["“”„«»]([^"“”„«»]{1,400})["“”„«»]/gu;

/**
 * The words of a text as keywords are compared: compatibility forms unified (full-width letters), case and accents
 * aside, apostrophes dropped, all other punctuation, emoji and invisible characters as blanks; letters spelled out one by
 * one joined. What stands in quotation marks is somebody else's words, unless it is all there is.
 */
export function normalizeText(text: string): string {
  const folded = fold(text);
  const own = words(withoutSignature(folded.replaceAll(QUOTED, ' ')));
  return own === '' ? words(withoutSignature(folded)) : own;
}

const fold = (text: string): string =>
  text
    .slice(0, LONGEST)
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss');

/** Longer texts say what they want in their beginning, or are none of ours to judge by rule. */
const LONGEST = 1600;

function withoutSignature(text: string): string {
  const lines = text.split('\n');
  const at = lines.findIndex((line, index) => index > 0 && SIGNATURE.test(line.trim()));
  return at === -1 ? text : lines.slice(0, at).join('\n');
}

function words(text: string): string {
  const found = text
    .replaceAll(/['’`´]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  const isSpelledOut = found.length > 2 && found.every((word) => word.length === 1);
  return found.join(isSpelledOut ? '' : ' ');
}
