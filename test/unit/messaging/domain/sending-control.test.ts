import { describe, expect, test } from '@jest/globals';
import {
  type ChangeSending,
  changeSending,
  type Pause,
  pauseOf,
  reasonOfPause,
  type SendingControl,
} from '../../../../functions/messaging/domain/sending-control.ts';
import { TrunklineEvent } from '../../../../functions/shared/contract/events.ts';
import { NOON } from '../../../fakes/messaging/intents.ts';

const RUNNING: SendingControl = { version: 0, pauses: [] };
const pause = (scope: string, kind: Pause['kind'] = 'pause'): Pause => ({
  scope,
  kind,
  since: NOON,
  by: 'ada',
  reason: 'an incident',
});
const holding = (...pauses: readonly Pause[]): SendingControl => ({ version: 4, pauses });
const change = (control: SendingControl, command: Partial<ChangeSending>) =>
  changeSending(
    control,
    { scope: 'all', state: 'paused', by: 'ada', reason: 'an incident', isConfirmed: false, ...command },
    NOON,
  );

describe('an operator', () => {
  test.each<[ChangeSending['state'], string, Pause['kind']]>([
    ['paused', 'pool:marketing', 'pause'],
    ['paused', 'class:otp', 'pause'],
    ['frozen', 'all', 'freeze'],
  ])('who wants it %s stops %s, and the story says who, when and why', (state, scope, kind) => {
    const changed = change(RUNNING, { state, scope });
    expect(changed).toMatchObject({
      kind: 'changed',
      control: { version: 1, pauses: [{ ...pause(scope, kind) }] },
      event: {
        id: 'messaging/CONTROL/SENDING/1/0',
        type: 'sending.paused.v1',
        time: '2026-03-01T12:00:00.000Z',
        correlationId: 'sending',
        data: { version: 1, state, scope, kind, by: 'ada', reason: 'an incident' },
      },
    });
    expect(() => TrunklineEvent.parse(changed.kind === 'changed' ? changed.event : undefined)).not.toThrow();
  });

  test('resumes one scope and leaves the others as they are', () => {
    const control = holding(pause('pool:otp'), pause('class:marketing'));
    expect(change(control, { scope: 'pool:otp', state: 'running', reason: 'over' })).toMatchObject({
      control: { version: 5, pauses: [pause('class:marketing')] },
      event: { type: 'sending.resumed.v1', data: { state: 'paused', scope: 'pool:otp', reason: 'over' } },
    });
  });

  test('who resumes the last pause sets everything running', () => {
    expect(change(holding(pause('all')), { state: 'running' })).toMatchObject({
      control: { pauses: [] },
      event: { data: { state: 'running' } },
    });
  });

  test.each<[string, SendingControl, Partial<ChangeSending>]>([
    ['resumes what runs', RUNNING, { state: 'running' }],
    ['pauses what is paused', holding(pause('all')), { state: 'paused', by: 'bob', reason: 'other' }],
    ['freezes what is frozen', holding(pause('all', 'freeze')), { state: 'frozen' }],
  ])('who %s changes nothing', (_what, control, command) => {
    expect(change(control, command)).toEqual({ kind: 'unchanged' });
  });

  test.each(['running', 'paused'] as const)('must confirm that a freeze may end (%s)', (state) => {
    const frozen = holding(pause('all', 'freeze'), pause('pool:otp'));
    expect(change(frozen, { state })).toEqual({ kind: 'unconfirmed' });
    expect(change(frozen, { state, isConfirmed: true })).toMatchObject({ kind: 'changed' });
    expect(change(frozen, { scope: 'pool:otp', state: 'running' })).toMatchObject({
      kind: 'changed',
      event: { data: { state: 'frozen' } },
    });
  });

  test('may make a freeze of a pause', () => {
    expect(change(holding(pause('all')), { state: 'frozen' })).toMatchObject({
      control: { pauses: [pause('all', 'freeze')] },
    });
  });
});

describe('an intent', () => {
  const intent = { pool: 'alerts', trafficClass: 'transactional', campaign: 'spring' } as const;

  test.each(['all', 'class:transactional', 'pool:alerts', 'campaign:spring'])(
    'is held by a pause of %s',
    (scope) => {
      expect(pauseOf(holding(pause('pool:other'), pause(scope)), intent)).toEqual(pause(scope));
    },
  );

  test.each([
    'class:otp',
    'pool:alerts-2',
    'pool:transactional',
    'class:alerts',
    'pool:spring',
    'campaign:alerts',
  ])('is not held by a pause of %s', (scope) => {
    expect(pauseOf(holding(pause(scope)), intent)).toBeUndefined();
  });

  test('without a campaign is held by no pause of one', () => {
    const { campaign: _campaign, ...plain } = intent;
    expect(pauseOf(holding(pause('campaign:spring'), pause('campaign:undefined')), plain)).toBeUndefined();
  });

  test('is told of the freeze where it is held twice', () => {
    const held = pauseOf(holding(pause('pool:alerts'), pause('all', 'freeze')), intent);
    expect(held === undefined ? undefined : reasonOfPause(held)).toBe('sending is frozen (all): an incident');
  });
});
