import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseFormText } from '../../../functions/shared/twilio/form-body.ts';
import { parseStoredForm, readInboundMessage } from '../../../functions/shared/twilio/inbound-payload.ts';

const SID = `SM${'0'.repeat(32)}`;
const ACCOUNT = `AC${'0'.repeat(32)}`;
const base = `MessageSid=${SID}&AccountSid=${ACCOUNT}&From=%2B15550100002&To=%2B15550100001`;

describe('a stored payload', () => {
  test('gives addresses, body and counts', () => {
    expect(readInboundMessage(`${base}&Body=a+b%2Bc&NumMedia=0&NumSegments=2`)).toEqual({
      messageSid: SID,
      accountSid: ACCOUNT,
      channel: 'sms',
      from: '+15550100002',
      to: '+15550100001',
      body: 'a b+c',
      media: [],
      segmentCount: 2,
    });
  });

  test('gives media in order, their types where known, and what WhatsApp adds', () => {
    const more =
      '&NumMedia=2&MediaUrl0=https%3A%2F%2Fa&MediaUrl1=https%3A%2F%2Fb&MediaContentType1=image%2Fpng' +
      '&ExternalUserIdentifier=whatsapp%3AUS.1&OptOutType=STOP&ButtonPayload=yes&ProfileName=&Latitude=1.5';
    expect(readInboundMessage(base.replace('From=', 'From=whatsapp:') + more)).toMatchObject({
      channel: 'whatsapp',
      from: 'whatsapp:+15550100002',
      body: '',
      media: [{ url: 'https://a' }, { url: 'https://b', contentType: 'image/png' }],
      externalUserId: 'whatsapp:US.1',
      optOutType: 'STOP',
      buttonPayload: 'yes',
      latitude: '1.5',
    });
  });

  test('without a required parameter or malformed is a bug', () => {
    expect(() => readInboundMessage('MessageSid=SM1')).toThrow('lacks From');
    expect(() => parseStoredForm('a=%')).toThrow('malformed: escape');
    expect(() => readInboundMessage(`${base}&NumMedia=1`)).toThrow('lacks MediaUrl0');
  });

  test('of a repeated name gives the first value', () => {
    expect(parseStoredForm('a=1&a=2').get('a')).toBe('1');
  });
});

test('the strict parser agrees with URLSearchParams wherever it does not refuse', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.string({ unit: 'grapheme', maxLength: 8 }).map((value) => encodeURIComponent(value.toWellFormed())),
    fc.constantFrom('%', '%4', '%zz', '%ff', '%E2%82', '+', '=', '&', '\0', '%00'),
  );
  void fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const wire = pieces.join('');
      const parsed = parseFormText(wire);
      if (parsed.kind === 'malformed') return;
      const expected = [...new URLSearchParams(wire.startsWith('?') ? `?${wire}` : wire)];
      const got = [...parsed.fields].flatMap(([name, values]) => values.map((value) => [name, value]));
      expect(got.sort()).toEqual(expected.sort());
    }),
    { numRuns: 1000 },
  );
});
