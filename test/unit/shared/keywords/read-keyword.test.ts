import { describe, expect, test } from '@jest/globals';
import {
  KeywordSet,
  keywordFindings,
  TwilioKeywords,
} from '../../../../functions/shared/contract/keyword-sets.ts';
import { KEYWORD_RULES } from '../../../../functions/shared/keywords/keyword-rules.ts';
import { KEYWORD_SETS, TWILIO_KEYWORDS } from '../../../../functions/shared/keywords/keyword-sets.ts';
import { normalizeText } from '../../../../functions/shared/keywords/normalize-text.ts';
import { readKeyword } from '../../../../functions/shared/keywords/read-keyword.ts';
import { figuresOf, readCorpus } from './corpus.ts';

const read = (body: string, optOutType?: string) => readKeyword({ body, optOutType }, KEYWORD_RULES);

describe('keywords', () => {
  test.each(['STOP', 'StopAll', 'unsubscribe', 'END', 'quit', 'CANCEL', 'Revoke', 'OPTOUT'])(
    'every word that opts out at Twilio opts out here: %s',
    (word) => {
      expect(read(word)).toEqual({ kind: 'stop', answeredByTwilio: true });
    },
  );

  test.each([
    ' stop ',
    'Stop.',
    '«STOP»',
    'S.T.O.P',
    'ＳＴＯＰ',
    'st\u200Bop',
    'opt-out',
    'PARAR',
    'Arrêt',
    'Kündigen',
  ])('case, accents, punctuation and invisible characters hide no STOP: %j', (text) => {
    expect(read(text)?.kind).toBe('stop');
  });

  test('a STOP that Twilio does not see as one is confirmed by nobody but us', () => {
    expect(read('Stop.')).toEqual({ kind: 'stop', answeredByTwilio: false });
    expect(read('PARAR')).toEqual({ kind: 'stop', answeredByTwilio: false });
  });

  test.each([
    'bus stop',
    'stopped',
    'unstoppable',
    'end of the week',
    'cancel my appointment',
    'helpful',
    '',
  ])('a word inside a text or another word is no keyword: %j', (text) => {
    expect(read(text)).toBeUndefined();
  });

  test('only START and UNSTOP lift: YES is an answer to something', () => {
    expect(read('start')?.kind).toBe('start');
    expect(read('UNSTOP')?.kind).toBe('start');
    expect(read('YES')).toBeUndefined();
  });

  test("Advanced Opt-Out's verdict decides, whatever the text says", () => {
    expect(read('whatever', 'STOP')).toEqual({ kind: 'stop', answeredByTwilio: true });
    expect(read('stop', 'START')).toEqual({ kind: 'start', answeredByTwilio: true });
    expect(read('hello', 'WHAT')).toBeUndefined();
  });

  test('what somebody else said, in quotation marks, is not the sender speaking', () => {
    expect(read('Liked “Reply STOP to unsubscribe”')).toBeUndefined();
    expect(read('He told me "stop texting me" and laughed')).toBeUndefined();
  });
});

describe('the normal form of a text', () => {
  test('a signature below is left out', () => {
    expect(normalizeText('Stop\n\nSent from my iPhone')).toBe('stop');
    expect(normalizeText('Sent from my iPhone')).toBe('sent from my iphone');
  });

  test('apostrophes close up, everything else between words is one blank', () => {
    expect(normalizeText('Don’t — text  me, ok?')).toBe('dont text me ok');
  });

  test('no text costs more than a few milliseconds, however it is built', () => {
    const hostile = [
      `please ${'any more texts '.repeat(100)}`,
      `do not text me ${'more '.repeat(300)}x`,
      `${'no thanks '.repeat(150)}stop it`,
      `remove me from your ${'text messages '.repeat(12)}!x`,
      'stop '.repeat(320),
      `i dont want ${'these messages '.repeat(11)}ever again y`,
      '"'.repeat(1600),
    ];
    const startedAt = performance.now();
    for (const text of hostile) read(text);
    expect(performance.now() - startedAt).toBeLessThan(250);
  });
});

describe('the sets of the repository', () => {
  test('are sound, and no word means two things', () => {
    for (const set of KEYWORD_SETS) expect(KeywordSet.parse(set)).toEqual(set);
    expect(keywordFindings(KEYWORD_SETS, TwilioKeywords.parse(TWILIO_KEYWORDS))).toEqual([]);
  });

  test('a word with two meanings and a STOP of Twilio that we lack are found', () => {
    const set = { ...KEYWORD_SETS[0]!, stop: ['stop', 'start'] };
    expect(keywordFindings([set], { ...TWILIO_KEYWORDS, stop: ['stop', 'quit'] })).toEqual([
      'en: "start" means stop and start',
      'twilio: "quit" opts out at Twilio and would not here',
    ]);
  });

  test('capitals, accents and broken patterns are refused', () => {
    const set = KEYWORD_SETS[0]!;
    expect(KeywordSet.safeParse({ ...set, stop: ['STOP'] }).success).toBe(false);
    expect(
      KeywordSet.safeParse({ ...set, revocation: { ...set.revocation, certain: ['(open'] } }).success,
    ).toBe(false);
  });
});

describe('revocation in free words, on the labelled corpus', () => {
  const corpus = readCorpus();
  const train = figuresOf(corpus.filter(({ split }) => split === 'train'));
  const heldOut = figuresOf(corpus.filter(({ split }) => split === 'held-out'));

  test('the halves are of one size, and every label is in both', () => {
    expect(corpus.length).toBeGreaterThan(250);
    expect(Math.min(train.texts, heldOut.texts)).toBeGreaterThan(120);
  });

  test('what is taken as a STOP is one', () => {
    expect(train.precision).toBe(1);
    expect(heldOut.precision).toBeGreaterThanOrEqual(0.98);
  });

  test('nine of ten revocations are taken, of those that nobody tuned for as well', () => {
    expect(train.recall).toBeGreaterThanOrEqual(0.95);
    expect(heldOut.recall).toBeGreaterThanOrEqual(0.9);
    expect(heldOut.caught).toBeGreaterThanOrEqual(0.95);
  });

  test('doubtful texts go to review, ordinary ones hold nothing', () => {
    expect(heldOut.reviewed).toBeGreaterThanOrEqual(0.9);
    expect(heldOut.falseAlarms).toBeLessThanOrEqual(0.05);
  });
});
