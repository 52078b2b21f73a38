import { describe, expect, test } from '@jest/globals';
import { carrierOutcomeFor, refusedRecipient } from '../../../local/twilio/domain/carrier-outcome.ts';
import type { MessageRecord } from '../../../local/twilio/domain/message.ts';
import { isFilteredSender, optOutKey, optOutKeywordIn } from '../../../local/twilio/domain/opt-out.ts';
import { countSegments } from '../../../local/twilio/domain/segments.ts';
import { inboundParameters, statusParameters } from '../../../local/twilio/domain/webhook-parameters.ts';
import { readRecording } from './support/recording.ts';

const recorded = readRecording<{ webhooks: { id: string; form?: string }[] }>('message-webhooks');

describe('opt-out keywords', () => {
  test.each([
    ['STOP', 'STOP'],
    [' stop\n', 'STOP'],
    ['Unsubscribe', 'STOP'],
    ['REVOKE', 'STOP'],
    ['optout', 'STOP'],
    ['start', 'START'],
    ['YES', 'START'],
    ['info', 'HELP'],
    ['STOP PLEASE', undefined],
    ['opt out', undefined],
    ['STOP.', undefined],
    ['', undefined],
  ])('%j is %s', (body, keyword) => {
    expect(optOutKeywordIn(body)).toBe(keyword);
  });

  test('short codes and WhatsApp are filtered with Advanced Opt-Out only', () => {
    expect(isFilteredSender('+15550100001', false)).toBe(true);
    expect(isFilteredSender('38438', false)).toBe(false);
    expect(isFilteredSender('whatsapp:+15550100001', false)).toBe(false);
    expect(isFilteredSender('38438', true)).toBe(true);
  });

  test('SMS and RCS of one sender share a list, two senders do not', () => {
    const key = (sender: string) => optOutKey('AC1', sender, '+15550107777');
    expect(key('rcs:+15550100001')).toBe(key('+15550100001'));
    expect(key('+15550100001')).not.toBe(key('+15550100002'));
  });
});

describe('segments', () => {
  test.each([
    ['', 1],
    ['x'.repeat(160), 1],
    ['x'.repeat(161), 2],
    ['x'.repeat(306), 2],
    ['x'.repeat(307), 3],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    ['ж'.repeat(70), 1],
    ['ж'.repeat(71), 2],
    ['👍'.repeat(35), 1],
    ['👍'.repeat(36), 2],
  ])('%.12s… takes %d', (text, segments) => {
    expect(countSegments(text)).toBe(segments);
  });
});

describe('outcomes written in the number', () => {
  test.each([
    ['+15550103007', { kind: 'undelivered', errorCode: 30007 }],
    ['whatsapp:+15550106316', { kind: 'failed', errorCode: 63016 }],
    ['+15550109003', { kind: 'delivered-in-silence' }],
    ['+15550100000', { kind: 'delivered', read: false }],
    ['whatsapp:+15550100000', { kind: 'delivered', read: true }],
  ])('%s', (to, outcome) => {
    expect(carrierOutcomeFor(to)).toEqual(outcome);
  });

  test.each([
    ['+15005550002', 21612],
    ['+15005550009', 21614],
    ['+15550101408', 21408],
    ['+15550100000', undefined],
  ])('%s is refused with %s', (to, code) => {
    expect(refusedRecipient(to)?.code).toBe(code);
  });
});

const message = (changes: Partial<MessageRecord> = {}): MessageRecord => ({
  sid: 'SM01',
  accountSid: 'AC01',
  direction: 'inbound',
  from: '+15550107777',
  to: '+15550100001',
  body: 'Hi',
  mediaSids: [],
  acceptedAt: 0,
  listedFrom: 0,
  updatedAt: 0,
  sentAt: 0,
  status: 'received',
  errorCode: null,
  errorMessage: null,
  history: [],
  ordinal: 1,
  ...changes,
});

const recordedNames = (id: string) => {
  const form = recorded.webhooks.find((webhook) => webhook.id === id)?.form ?? '';
  return [...new URLSearchParams(form).keys()];
};
const names = (parameters: readonly (readonly [string, string])[]) => parameters.map(([name]) => name);
const media = [{ url: 'https://example.com/ME01', contentType: 'image/jpeg' }];

describe('names and order are those of recorded webhooks', () => {
  test('an inbound SMS', () => {
    const parameters = inboundParameters({ message: message(), media: [], extras: {} });
    expect(names(parameters)).toEqual(recordedNames('cap-008'));
  });

  test('an inbound SMS of a Messaging Service', () => {
    const parameters = inboundParameters({
      message: message({ messagingServiceSid: 'MG01' }),
      media: [],
      extras: {},
    });
    expect(names(parameters)).toEqual(recordedNames('cap-010'));
  });

  test('an inbound MMS', () => {
    const parameters = inboundParameters({ message: message(), media, extras: {} });
    expect(names(parameters)).toEqual(recordedNames('cap-021'));
  });

  test('an inbound WhatsApp message has every name of the recorded ones', () => {
    const parameters = inboundParameters({
      message: message({ from: 'whatsapp:+15550107777', to: 'whatsapp:+15550100001' }),
      media: [],
      extras: { repliedMessageSid: 'SM00' },
    });
    expect(names(parameters)).toEqual(
      expect.arrayContaining([...recordedNames('cap-034'), ...recordedNames('cap-036')]),
    );
    expect(Object.fromEntries(parameters)).toMatchObject({
      WaId: '15550107777',
      MessageType: 'text',
      OriginalRepliedMessageSender: 'whatsapp:+15550100001',
    });
  });

  test('a status callback of a Messaging Service', () => {
    const parameters = statusParameters(message({ messagingServiceSid: 'MG01' }), { status: 'sent', at: 0 });
    expect(names(parameters)).toEqual(
      ['SmsSid', ...recordedNames('cap-057')].filter((name, at, all) => all.indexOf(name) === at),
    );
  });

  test('a WhatsApp read receipt', () => {
    const whatsApp = message({ from: 'whatsapp:+15550100028', to: 'whatsapp:+15550100026' });
    const read = statusParameters(whatsApp, { status: 'read', at: 0 });
    expect(names(read).filter((name) => name !== 'ChannelInstallSid')).toEqual(recordedNames('cap-063'));
    const sent = statusParameters(whatsApp, { status: 'sent', at: 0 });
    expect(names(sent)).toEqual(recordedNames('cap-064'));
    expect(Object.fromEntries(sent).ChannelToAddress).toBe('+1555010XXXX');
  });
});

test('a delivery receipt carries its date as YYMMDDhhmm and a failure its code', () => {
  const at = Date.UTC(2025, 10, 13, 12, 45);
  const undelivered = statusParameters(message(), { status: 'undelivered', at, errorCode: 30005 });
  expect(Object.fromEntries(undelivered)).toMatchObject({ RawDlrDoneDate: '2511131245', ErrorCode: '30005' });
  expect(Object.fromEntries(statusParameters(message(), { status: 'sent', at }))).not.toHaveProperty(
    'RawDlrDoneDate',
  );
});

test('OptOutType, buttons and places are told only where there are any', () => {
  const whatsApp = message({ from: 'whatsapp:+15550107777', to: 'whatsapp:+15550100001' });
  const parameters = Object.fromEntries(
    inboundParameters({
      message: whatsApp,
      media: [],
      extras: { buttonText: 'Yes', buttonPayload: 'yes-1' },
      optOutType: 'STOP',
    }),
  );
  expect(parameters).toMatchObject({
    ButtonText: 'Yes',
    ButtonPayload: 'yes-1',
    MessageType: 'button',
    OptOutType: 'STOP',
  });
  const place = inboundParameters({
    message: whatsApp,
    media: [],
    extras: { latitude: 25.01, longitude: -77.3 },
  });
  expect(Object.fromEntries(place)).toMatchObject({
    Latitude: '25.01',
    Longitude: '-77.3',
    MessageType: 'location',
  });
});
