import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import twilio from 'twilio';
import { parseXml } from '../../../local/twilio/twiml/parse-xml.ts';
import { readMessagingTwiml } from '../../../local/twilio/twiml/read-messaging-twiml.ts';
import { holdsForAll } from './support/holds-for-all.ts';

const read = (body: string, contentType: string | undefined = 'text/xml', statusCode = 200) =>
  readMessagingTwiml({ body, contentType, statusCode });

describe('replies', () => {
  test.each([
    ['an empty response', '<Response/>', []],
    ['a response with a declaration', '<?xml version="1.0" encoding="UTF-8"?><Response></Response>', []],
    ['text in a Message', '<Response><Message> Hi &amp; bye </Message></Response>', ['Hi & bye']],
    ['a Body', '<Response><Message><Body>Hi</Body></Message></Response>', ['Hi']],
    ['two messages', '<Response><Message>a</Message><!-- and --><Message>b</Message></Response>', ['a', 'b']],
    [
      'CDATA and numeric entities',
      '<Response><Message><![CDATA[<b>]]>&#233;&#x1F44D;</Message></Response>',
      ['<b>é👍'],
    ],
    ['the old Sms', '<Response><Sms>Hi</Sms></Response>', ['Hi']],
  ])('%s', (_, xml, bodies) => {
    const twiml = read(xml);
    expect(twiml.kind === 'replies' && twiml.replies.map(({ body }) => body)).toEqual(bodies);
  });

  test('attributes and media of a Message are read', () => {
    const twiml = read(
      `<Response><Message to="+15550107777" statusCallback='/done?a=1&amp;b=2'><Body>x</Body><Media>https://example.com/a.png</Media></Message></Response>`,
    );
    expect(twiml).toMatchObject({
      replies: [
        { to: '+15550107777', statusCallback: '/done?a=1&b=2', mediaUrls: ['https://example.com/a.png'] },
      ],
    });
  });

  test('what the library writes is read back', () => {
    holdsForAll(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (body) => {
        const response = new twilio.twiml.MessagingResponse();
        response.message({}, body);
        const twiml = read(response.toString());
        expect(twiml.kind === 'replies' && twiml.replies[0]?.body).toBe(body.trim());
      }),
    );
  });

  test('plain text is a reply, and 204 is silence without a type', () => {
    expect(read('Hello', 'text/plain; charset=utf-8')).toMatchObject({ replies: [{ body: 'Hello' }] });
    expect(readMessagingTwiml({ body: '', contentType: undefined, statusCode: 204 })).toMatchObject({
      kind: 'replies',
      replies: [],
    });
  });

  test('verbs after a Redirect are not reached; an unknown verb is a warning', () => {
    const twiml = read(
      '<Response><Play>x</Play><Redirect method="GET">/next</Redirect><Message>no</Message></Response>',
    );
    expect(twiml).toMatchObject({ replies: [], redirect: { url: '/next', method: 'GET' } });
    expect(twiml.kind === 'replies' && twiml.warnings).toHaveLength(1);
  });
});

describe('errors', () => {
  test.each([
    ['no content type', '<Response/>', '', 12300],
    ['JSON', '{}', 'application/json', 12300],
    ['an unclosed element', '<Response><Message>', 'text/xml', 12100],
    ['crossed elements', '<Response><a></Response></a>', 'text/xml', 12100],
    ['an empty document', '', 'text/xml', 12100],
    ['a bare ampersand', '<Response><Message>a & b</Message></Response>', 'text/xml', 12100],
    ['an unknown entity', '<Response>&nbsp;</Response>', 'text/xml', 12100],
    ['a repeated attribute', '<Response a="1" a="2"/>', 'text/xml', 12100],
    ['two roots', '<Response/><Response/>', 'text/xml', 12100],
    ['another root', '<Answer/>', 'text/xml', 12102],
    ['a lower-case root', '<response/>', 'text/xml', 12102],
    ['more than 64 kB', `<Response><Message>${'x'.repeat(70_000)}</Message></Response>`, 'text/xml', 11750],
  ])('%s', (_, body, contentType, errorCode) => {
    expect(read(body, contentType)).toMatchObject({ kind: 'error', errorCode });
  });

  test('no text whatever makes the parser throw', () => {
    holdsForAll(
      fc.property(
        fc.array(
          fc.constantFrom('<', '>', '/', 'a', '"', '=', '&', ';', '!', '--', '[CDATA[', ']]>', ' ', '?'),
        ),
        (parts) => {
          expect(['parsed', 'malformed']).toContain(parseXml(parts.join('')).kind);
        },
      ),
    );
  });
});
