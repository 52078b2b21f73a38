import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { segmentText as cutText, sizeOfText } from '../../../../functions/messaging/domain/segments.ts';
import { smartEncode } from '../../../../functions/messaging/domain/smart-encoding.ts';

const RUNS = { numRuns: 1_000 };
const AS_WRITTEN = { smartEncoding: false };
const SMART = { smartEncoding: true };
const segmentText = (text: string) => cutText(text, AS_WRITTEN);
const countSegments = (text: string): number => sizeOfText(text, AS_WRITTEN).segments;

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

/** Twilio's own calculator, published apart from Trunkline. */
const counted = (text: string, smart: boolean) => {
  const { encodingName, segmentsCount } = new SegmentedMessage(text, 'auto', smart);
  return { encoding: encodingName, segments: segmentsCount };
};

const latin = [...'abcdefgh ABC 0123456789?ßΩàé\n\r@'];
const extended = [...'€[]{}\\|~^\f'];
const wide = [...'дж中文ç`’“”—…½•ʼ', '😀', '👍🏽', '👨‍👩‍👧', '🇩🇪', 'e\u0301', '\r\n', '\t'];
const lookAlikes = [...'«»“”‘’´`–—•…½¼!＂ＡｚᴀʙᴢﹼＺ～\u00a0\u2007\u200b\t‼＠﹫'];
const text = (letters: readonly string[], maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...letters), maxLength });
const likely = fc.oneof(
  text(latin, 500),
  text([...latin, ...extended], 500),
  text([...latin, ...extended, ...wide], 400),
  // Around the edges, where a mistake of one shows.
  fc
    .tuple(fc.constantFrom('a', '€', 'д', '😀'), fc.integer({ min: 60, max: 340 }))
    .map(([one, times]) => one.repeat(times)),
);

describe("beside Twilio's own calculator", () => {
  test('every text has the same encoding and the same number of segments', () => {
    fc.assert(
      fc.property(likely, (given) => {
        expect(sizeOfText(given, AS_WRITTEN)).toEqual(counted(given, false));
      }),
      RUNS,
    );
  });

  test('so has every text that is sent with Smart Encoding', () => {
    fc.assert(
      fc.property(fc.oneof(likely, text([...latin, ...lookAlikes], 500)), (given) => {
        expect(sizeOfText(given, SMART)).toEqual(counted(given, true));
      }),
      RUNS,
    );
  });

  test('every character of the Basic Multilingual Plane is replaced as Twilio replaces it, and no other', () => {
    for (let code = 0; code <= 0xffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const character = String.fromCharCode(code);
      const { graphemes } = new SegmentedMessage(character, 'auto', true);
      if (smartEncode(character) !== graphemes.join('')) throw new Error(`U+${code.toString(16)}`);
    }
  });
});

describe('Smart Encoding', () => {
  test('turns a text with curly quotes and dashes from UCS-2 into GSM-7', () => {
    const given = `“It’s ready” – see you…${'a'.repeat(80)}`;
    expect(sizeOfText(given, AS_WRITTEN)).toEqual({ encoding: 'UCS-2', segments: 2 });
    expect(sizeOfText(given, SMART)).toEqual({ encoding: 'GSM-7', segments: 1 });
    expect(smartEncode('“It’s ready” – ½ ＯＫ…')).toBe('"It\'s ready" - 1/2 OK...');
  });

  test('counts what a replacement makes longer', () => {
    expect(sizeOfText(`${'a'.repeat(158)}…`, SMART)).toEqual({ encoding: 'GSM-7', segments: 2 });
  });
});

describe('an emoji of several parts', () => {
  test('is not torn apart between two segments', () => {
    const family = '👨‍👩‍👧‍👦';
    const { segments } = segmentText(`${'д'.repeat(60)}${family}${'д'.repeat(60)}`);
    expect(segments.map((segment) => segment.includes(family))).toEqual([false, true, false]);
  });

  test('that no segment can hold falls apart into its characters', () => {
    const { segments } = segmentText(`a${'\u0301'.repeat(150)}`);
    expect(segments.map(({ length }) => length)).toEqual([67, 67, 17]);
  });
});
