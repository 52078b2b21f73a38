import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countSegments, segmentText } from '../../../../functions/messaging/domain/segments.ts';

const RUNS = { numRuns: 1_000 };

describe('a text', () => {
  test.each([
    ['nothing', '', 1],
    ['160 letters', 'a'.repeat(160), 1],
    ['161 letters', 'a'.repeat(161), 2],
    ['306 letters', 'a'.repeat(306), 2],
    ['307 letters', 'a'.repeat(307), 3],
    ['80 euros, two septets each', '€'.repeat(80), 1],
    ['81 euros', '€'.repeat(81), 2],
    ['152 letters, a euro that would be split, and more', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 3],
    ['line feeds and umlauts of GSM-7', 'ÄÖÜäöüß\n\r'.repeat(17), 1],
    ['the longest that Twilio takes', 'a'.repeat(1_600), 11],
  ])('of %s takes GSM-7 segments', (_what, text, segments) => {
    expect(segmentText(text).encoding).toBe('GSM-7');
    expect(countSegments(text)).toBe(segments);
  });

  test.each([
    ['70 Cyrillic letters', 'д'.repeat(70), 1],
    ['71 Cyrillic letters', 'д'.repeat(71), 2],
    ['134 Cyrillic letters', 'д'.repeat(134), 2],
    ['135 Cyrillic letters', 'д'.repeat(135), 3],
    ['35 emoji, two units each', '😀'.repeat(35), 1],
    ['36 emoji', '😀'.repeat(36), 2],
    ['67 emoji: 33 fit whole into a segment of 67 units', '😀'.repeat(67), 3],
    ['letters and one curly quote', `${'a'.repeat(70)}’`, 2],
    ['ç, which GSM-7 has in upper case only', 'ç', 1],
    ['a tab', '\t', 1],
  ])('of %s takes UCS-2 segments', (_what, text, segments) => {
    expect(segmentText(text).encoding).toBe('UCS-2');
    expect(countSegments(text)).toBe(segments);
  });
});

const gsm = fc.string({ unit: fc.constantFrom(...'abc XYZ 0?ßΩ€[]{}\\|~^'), maxLength: 800 });
const unicode = fc.string({ unit: fc.constantFrom(...'aд中😀🏳️‍🌈€'), maxLength: 400 });
const septets = (text: string): number =>
  [...text].reduce((sum, letter) => sum + ('\f^{}\\[~]|€'.includes(letter) ? 2 : 1), 0);

describe('every text', () => {
  test('is the sum of its segments, of which none but a lone one is empty', () => {
    fc.assert(
      fc.property(fc.oneof(gsm, unicode), (text) => {
        const { segments } = segmentText(text);
        expect(segments.join('')).toBe(text);
        expect(segments.length === 1 || segments.every((segment) => segment !== '')).toBe(true);
      }),
      RUNS,
    );
  });

  test('in GSM-7 has segments of 153 septets at most, 160 alone, each full but for an escape', () => {
    fc.assert(
      fc.property(gsm, (text) => {
        const { encoding, segments } = segmentText(text);
        expect(encoding).toBe('GSM-7');
        const sizes = segments.map(septets);
        if (sizes.length === 1) expect(sizes[0]).toBeLessThanOrEqual(160);
        else expect(septets(text)).toBeGreaterThan(160);
        for (const size of sizes.slice(0, -1)) expect(153 - size).toBeLessThanOrEqual(1);
        if (sizes.length > 1) expect(Math.max(...sizes)).toBeLessThanOrEqual(153);
      }),
      RUNS,
    );
  });

  test('in UCS-2 has segments of 67 units at most, 70 alone, and no half of a surrogate pair', () => {
    fc.assert(
      fc.property(unicode, (text) => {
        const { encoding, segments } = segmentText(text);
        fc.pre(encoding === 'UCS-2');
        const limit = segments.length === 1 ? 70 : 67;
        for (const segment of segments) {
          expect(segment.length).toBeLessThanOrEqual(limit);
          expect(segment.isWellFormed()).toBe(true);
        }
      }),
      RUNS,
    );
  });
});
