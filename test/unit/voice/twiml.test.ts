import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderTwiml, xmlText } from '../../../functions/voice/domain/twiml.ts';
import type { Verb } from '../../../functions/voice/domain/verbs.ts';
import { parseXml } from '../../../local/twilio/twiml/parse-xml.ts';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 1000) };

/** Every code unit there is, lone surrogates and non-characters included. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    ']]>',
    '<Hangup/>',
    '&#0;',
    '"\'',
    '--> <!--',
    '<?xml?>',
    '\ud800',
    '\udc00\ud800',
    '\ufffe',
  ),
);

const parsed = (verbs: readonly Verb[]) => {
  const result = parseXml(renderTwiml(verbs));
  if (result.kind !== 'parsed') throw new Error(result.detail);
  return result.root;
};

/** XML reads CR and CRLF as LF, so nobody can tell them apart behind it. */
const asRead = (text: string): string => xmlText(text).replace(/\r\n?/g, '\n');

const XML_CHARACTER = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

describe('TwiML', () => {
  test('says any text of Unicode as it is, but for what XML cannot hold', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const root = parsed([{ verb: 'say', text, language: 'en-US' }]);

        expect(root.children.map(({ name }) => name)).toEqual(['Say']);
        expect(asRead(root.children[0]?.text ?? '')).toBe(asRead(text));
      }),
      RUNS,
    );
  });

  test('holds no character that XML forbids, whatever it was given', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const document = renderTwiml([
          { verb: 'say', text, language: 'en-US', voice: text },
          { verb: 'enqueue', action: text, waitUrl: text, queue: { workflowSid: text, attributes: text } },
          {
            verb: 'gather',
            action: text,
            input: 'dtmf speech',
            timeout: 5,
            finishOnKey: '',
            language: text,
            hints: text,
            speech: [],
          },
        ]);

        expect(document).toMatch(XML_CHARACTER);
        expect(parseXml(document).kind).toBe('parsed');
      }),
      RUNS,
    );
  });

  test('lets no text become a verb or an attribute', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const root = parsed([
          {
            verb: 'gather',
            action: text,
            input: 'dtmf',
            timeout: 5,
            finishOnKey: '#',
            language: 'en-US',
            speech: [{ verb: 'say', text, language: 'en-US' }],
          },
          { verb: 'hangup' },
        ]);

        expect(root.children.map(({ name }) => name)).toEqual(['Gather', 'Hangup']);
        expect(Object.keys(root.children[0]?.attributes ?? {}).sort()).toEqual(
          ['action', 'finishOnKey', 'input', 'method', 'timeout'].sort(),
        );
        expect(root.children[0]?.children.map(({ name }) => name)).toEqual(['Say']);
      }),
      RUNS,
    );
  });

  test('keeps an empty finishOnKey, without which a # ends a menu', () => {
    const [gather] = parsed([
      {
        verb: 'gather',
        action: 'https://example.com',
        input: 'dtmf',
        timeout: 5,
        numDigits: 1,
        finishOnKey: '',
        language: 'en-US',
        speech: [],
      },
    ]).children;

    expect(gather?.attributes).toMatchObject({ finishOnKey: '', numDigits: '1', timeout: '5' });
  });

  test('spells a dial with its whisper and its recording', () => {
    const [dial] = parsed([
      {
        verb: 'dial',
        number: '+15005550006',
        action: 'https://example.com/a',
        timeout: 20,
        timeLimit: 600,
        record: 'record-from-answer-dual',
        recordingStatusCallback: 'https://example.com/r',
        whisperUrl: 'https://example.com/w',
      },
    ]).children;

    expect(dial?.attributes).toMatchObject({
      record: 'record-from-answer-dual',
      timeout: '20',
      timeLimit: '600',
    });
    expect(dial?.children[0]).toMatchObject({
      name: 'Number',
      text: '+15005550006',
      attributes: { url: 'https://example.com/w' },
    });
  });
});
