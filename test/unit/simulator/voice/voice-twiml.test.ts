import { describe, expect, test } from '@jest/globals';
import { readTwiml, readVoiceTwiml } from '../../../../local/twilio/twiml/voice/read-voice-twiml.ts';

const url = 'https://app.example/voice';
const read = (inner: string) => {
  const document = readTwiml(`<Response>${inner}</Response>`);
  if (document.kind === 'error') throw new Error(document.detail);
  return document;
};
const verb = (inner: string) => read(inner).verbs[0]?.verb;
const codes = (inner: string) => read(inner).warnings.map(({ errorCode }) => errorCode);

describe('an answer', () => {
  test.each(['text/xml', 'application/xml; charset=utf-8', 'text/html'])('of %s is TwiML', (contentType) => {
    expect(readVoiceTwiml({ contentType, body: '<Response/>', url })).toMatchObject({ kind: 'verbs' });
  });

  test('of audio is played', () => {
    expect(readVoiceTwiml({ contentType: 'audio/mpeg', body: 'ID3', url })).toMatchObject({
      verbs: [{ verb: { verb: 'Play', url } }],
    });
  });

  test('of plain text is TwiML if it can be, and is read out otherwise', () => {
    const plain = (body: string) => readVoiceTwiml({ contentType: 'text/plain', body, url });
    expect(plain('<Response><Hangup/></Response>')).toMatchObject({ verbs: [{ verb: { verb: 'Hangup' } }] });
    expect(plain('Internal Server Error')).toMatchObject({
      verbs: [{ verb: { verb: 'Say', text: 'Internal Server Error' } }],
    });
  });

  test.each([
    ['no type', undefined, '<Response/>', 12300],
    ['another type', 'application/json', '{}', 12300],
    ['more than 64 kB', 'text/xml', `<Response><!--${'x'.repeat(65_536)}--></Response>`, 11750],
    ['broken XML', 'text/xml', '<Response><Say></Response>', 12100],
    ['nothing', 'text/xml', '', 12100],
    ['another root', 'text/xml', '<response/>', 12102],
  ])('of %s is an error', (_, contentType, body, errorCode) => {
    expect(readVoiceTwiml({ contentType, body, url })).toMatchObject({ kind: 'error', errorCode });
  });
});

describe('Gather', () => {
  test('has its documented defaults', () => {
    expect(verb('<Gather/>')).toMatchObject({
      action: undefined,
      method: 'POST',
      actionOnEmptyResult: false,
      rules: { input: ['dtmf'], finishOnKey: '#', timeoutMs: 5000, speechTimeoutMs: 5000, bargeIn: true },
    });
  });

  test('reads what it is told', () => {
    expect(
      verb(
        '<Gather input="dtmf speech" numDigits="4" finishOnKey="" timeout="3" speechTimeout="auto" method="GET" action="/a"><Say>Hi</Say><Pause length="2"/><Play>x.mp3</Play></Gather>',
      ),
    ).toMatchObject({
      action: { url: '/a', method: 'GET' },
      prompts: [{ verb: 'Say' }, { verb: 'Pause', ms: 2000 }, { verb: 'Play' }],
      rules: {
        input: ['dtmf', 'speech'],
        numDigits: 4,
        finishOnKey: '',
        timeoutMs: 3000,
        speechTimeoutMs: 1000,
      },
    });
  });

  test.each([
    ['<Gather timeout="soon"/>', 13313],
    ['<Gather numDigits="0"/>', 13314],
    ['<Gather finishOnKey="##"/>', 13310],
    ['<Gather method="PUT"/>', 13312],
    ['<Gather><Dial>+15550100001</Dial></Gather>', 13320],
    ['<Gather numdigits="1"/>', 12200],
  ])('warns of %s with %i and goes on', (inner, code) => {
    expect(codes(inner)).toEqual([code]);
    expect(verb(inner)).toMatchObject({ verb: 'Gather' });
  });
});

test('SSML is said as its words', () => {
  expect(verb('<Say voice="Polly.Joanna">One <break/> <emphasis>two</emphasis></Say>')).toMatchObject({
    text: expect.stringMatching(/One/),
  });
});

test('a text of more than 4,096 characters is not said', () => {
  expect(codes(`<Say>${'x'.repeat(4097)}</Say>`)).toEqual([13521]);
  expect(read(`<Say>${'x'.repeat(4096)}</Say>`).verbs).toHaveLength(1);
});
