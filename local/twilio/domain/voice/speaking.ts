/** Speech of 15 characters a second, as text-to-speech voices speak at their default rate (assumption). */
const charactersPerSecond = 15;

/** How long a text takes to be said, in milliseconds; never less than half a second. */
export const sayingMs = (text: string): number =>
  Math.max(500, Math.round((text.trim().length / charactersPerSecond) * 1000));

/** Each tone of `<Play digits>` and of SendDigits takes 0.2 s; `w` waits half a second and `W` a whole one. */
export function dialTonesMs(digits: string): number {
  let ms = 0;
  for (const digit of digits) ms += digit === 'w' ? 500 : digit === 'W' ? 1000 : 200;
  return ms;
}
