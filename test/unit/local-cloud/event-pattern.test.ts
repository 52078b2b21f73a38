import { describe, expect, test } from '@jest/globals';
import { eventPattern } from '../../../local/cloud/events/event-pattern.ts';

const event = {
  source: 'trunkline.messaging',
  'detail-type': 'message.received.v1',
  detail: {
    channel: 'SMS',
    segments: 3,
    tags: ['urgent', 'vip'],
    media: [{ type: 'image/png' }],
    sender: null,
    empty: [],
  },
};

const detail = (pattern: unknown): unknown => ({ detail: pattern });

describe('event patterns', () => {
  test.each([
    ['a literal', { source: ['trunkline.messaging'] }],
    ['one of several literals', { source: ['other', 'trunkline.messaging'] }],
    ['several fields', { source: ['trunkline.messaging'], 'detail-type': ['message.received.v1'] }],
    ['a number', detail({ segments: [3] })],
    ['null', detail({ sender: [null] })],
    ['a member of a list', detail({ tags: ['vip'] })],
    ['a field of an object in a list', detail({ media: { type: [{ prefix: 'image/' }] } })],
    ['a prefix', { 'detail-type': [{ prefix: 'message.' }] }],
    ['a prefix whatever its case', detail({ channel: [{ prefix: { 'equals-ignore-case': 'sm' } }] })],
    ['a suffix', { 'detail-type': [{ suffix: '.v1' }] }],
    ['a wildcard', { 'detail-type': [{ wildcard: 'message.*.v1' }] }],
    ['equality whatever the case', detail({ channel: [{ 'equals-ignore-case': 'sms' }] })],
    ['existence', detail({ channel: [{ exists: true }] })],
    ['absence', detail({ nothing: [{ exists: false }] })],
    ['absence below an absent object', { other: { deep: [{ exists: false }] } }],
    ['an empty list as absence', detail({ empty: [{ exists: false }] })],
    ['a range', detail({ segments: [{ numeric: ['>', 0, '<=', 3] }] })],
    ['anything but a word', detail({ channel: [{ 'anything-but': 'RCS' }] })],
    ['anything but words', detail({ channel: [{ 'anything-but': ['RCS', 'MMS'] }] })],
    ['anything but a prefix', detail({ channel: [{ 'anything-but': { prefix: 'R' } }] })],
    ['a disjunction', { $or: [{ source: ['other'] }, detail({ segments: [{ numeric: ['=', 3] }] })] }],
  ])('%s matches', (_name, pattern) => {
    expect(eventPattern(pattern)(event)).toBe(true);
  });

  test.each([
    ['another literal', { source: ['other'] }],
    ['the text of a number', detail({ segments: ['3'] })],
    ['an absent field', detail({ nothing: ['x'] })],
    ['anything but, of an absent field', detail({ nothing: [{ 'anything-but': 'x' }] })],
    ['anything but one of the words', detail({ channel: [{ 'anything-but': ['SMS'] }] })],
    ['existence of an absent field', detail({ nothing: [{ exists: true }] })],
    ['a prefix of other case', detail({ channel: [{ prefix: 'sm' }] })],
    ['a range that is left', detail({ segments: [{ numeric: ['>', 3] }] })],
    ['a disjunction of misses', { $or: [{ source: ['a'] }, { source: ['b'] }] }],
    ['one miss among hits', { source: ['trunkline.messaging'], detail: { channel: ['RCS'] } }],
  ])('%s does not match', (_name, pattern) => {
    expect(eventPattern(pattern)(event)).toBe(false);
  });

  test.each([
    ['a filter of unknown name', { source: [{ cidr: '10.0.0.0/8' }] }],
    ['an unknown comparison', { n: [{ numeric: ['~', 1] }] }],
    ['a bare value where a list belongs', { source: 'trunkline' }],
  ])('%s is refused', (_name, pattern) => {
    expect(() => eventPattern(pattern)).toThrow();
  });
});
