import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import type { HookRoute } from '../../../functions/shared/contract/routes.ts';
import {
  ACCOUNT,
  ATTEMPT,
  HooksHarness,
  ORIGIN,
  OTHER_ACCOUNT,
  replace,
} from '../../fakes/ingress/hooks-harness.ts';
import type { Parameter } from '../../fakes/ingress/twilio-signer.ts';

interface Recording {
  readonly id: string;
  readonly kind: string;
  readonly note?: string;
  readonly form?: string;
  readonly params?: Readonly<Record<string, string>>;
}

const recordings: readonly Recording[] = JSON.parse(
  readFileSync(new URL('../../recordings/call-webhooks.json', import.meta.url), 'utf8'),
);

const ROUTES: Readonly<Record<string, HookRoute>> = {
  'voice-status': 'callStatus',
  'recording-status': 'recordings',
  amd: 'machineDetection',
  'taskrouter-event': 'taskRouterEvents',
};

/** What Twilio does not send to these routes, and the parameter that gives it away; everything else has to pass. */
const NOT_TWILIO: Readonly<Record<string, string>> = {
  'cap-098': 'CallSid', // another vendor's compound SID
  'cap-101': 'CallSid',
  'cap-103': 'CallSid',
  'cap-104': 'CallSid',
  'cap-105': 'CallSid',
  'cap-107': 'CallStatus',
  'cap-109': 'RecordingStatus', // the action of <Record>, which belongs to the flow
  'cap-110': 'RecordingStatus', // a transcription
  'cap-115': 'CallSid',
  'cap-116': 'CallSid',
  'cap-117': 'RecordingSid',
  'cap-118': 'RecordingStatus',
  'cap-121': 'CallSid',
  'cap-122': 'CallSid',
  'cap-123': 'CallSid',
  'cap-124': 'CallSid',
  'cap-125': 'CallSid',
  'cap-126': 'WorkspaceSid',
  'cap-127': 'TaskSid',
  'cap-128': 'ReservationSid',
  'cap-129': 'WorkerSid',
  'cap-130': 'TaskSid',
  'cap-133': 'EventType', // the question for an assignment
};

/** As found, but for the account: collectors cut it out or replaced it. */
const parametersOf = ({ form, params = {} }: Recording): Parameter[] => {
  const pairs = form === undefined ? Object.entries(params) : [...new URLSearchParams(form)];
  return replace(pairs as Parameter[], 'AccountSid', ACCOUNT);
};

const byId = (id: string): Parameter[] => {
  const found = recordings.find((recording) => recording.id === id);
  if (found === undefined) throw new Error(id);
  return parametersOf(found);
};

const post = async (parameters: readonly Parameter[], route: HookRoute, hooks = new HooksHarness()) => {
  const answer = await hooks.postForm(parameters, { route });
  return { hooks, answer, outcomes: hooks.outcomes() };
};

const onlyEvent = (hooks: HooksHarness): TrunklineEvent => {
  const [entry] = hooks.onlyItem.outbox as { event: unknown }[];
  return TrunklineEvent.parse(entry?.event);
};

describe('recorded webhooks of calls', () => {
  test.each(
    recordings
      .filter(({ id }) => !(id in NOT_TWILIO))
      .map((recording) => [recording.id, recording.note ?? '', recording] as const),
  )('%s is accepted (%s)', async (_id, _note, recording) => {
    const { answer, outcomes } = await post(parametersOf(recording), ROUTES[recording.kind] ?? 'callStatus');
    expect([answer.statusCode, outcomes]).toEqual([
      recording.kind === 'taskrouter-event' ? 204 : 200,
      ['accepted'],
    ]);
  });

  test.each(
    recordings
      .filter(({ id }) => id in NOT_TWILIO)
      .map((recording) => [recording.id, NOT_TWILIO[recording.id], recording] as const),
  )('%s is refused although signed, for its %s', async (_id, parameter, recording) => {
    const { hooks, answer, outcomes } = await post(
      parametersOf(recording),
      ROUTES[recording.kind] ?? 'callStatus',
    );
    expect([answer.statusCode, outcomes]).toEqual([403, ['reshaped']]);
    expect(hooks.observer.lines.some(({ fields }) => fields?.parameter === parameter)).toBe(true);
  });

  test('real traffic passes, but for what belongs to other routes', () => {
    const captured = recordings.filter(({ note }) => note?.startsWith('captured'));
    expect(captured.filter(({ id }) => id in NOT_TWILIO).map(({ id }) => id)).toEqual([
      'cap-098',
      'cap-109',
      'cap-110',
    ]);
    expect(captured.length).toBeGreaterThan(5);
  });
});

describe('a call status', () => {
  test('is kept under its call, sequence number and word, with its facts in the event', async () => {
    const { hooks } = await post(byId('cap-097'), 'callStatus');
    const key = 'CS#CA35c037c9b8bb40c5002e2fe8cbbeecd9#2#busy';
    expect(hooks.onlyItem).toMatchObject({ pk: key, kind: 'call-status', route: 'callStatus' });
    expect(onlyEvent(hooks)).toEqual({
      id: `inbox/${key}/1/0`,
      time: '2026-03-01T12:00:00.000Z',
      accountSid: ACCOUNT,
      correlationId: 'CA35c037c9b8bb40c5002e2fe8cbbeecd9',
      type: 'call.status-reported.v1',
      data: {
        callSid: 'CA35c037c9b8bb40c5002e2fe8cbbeecd9',
        status: 'busy',
        sequenceNumber: 2,
        attempted: false,
        direction: 'outbound-api',
        durationSeconds: 0,
        sipResponseCode: 486,
        occurredAt: '2022-05-07T14:30:14.000Z',
        inboxKey: key,
      },
    });
  });

  test('over the URL of an attempt says so, and the token stays in the inbox', async () => {
    const { hooks } = await post(byId('cap-096'), 'callStatusOfAttempt');
    expect(hooks.onlyItem.token).toBe(ATTEMPT);
    expect(onlyEvent(hooks)).toMatchObject({
      data: { attempted: true, answeredBy: 'human', durationSeconds: 49 },
    });
    expect(JSON.stringify(hooks.onlyItem.outbox)).not.toContain(ATTEMPT);
  });

  test('without a sequence number, as a number tells it, is one of its word', async () => {
    const { hooks } = await post(byId('cap-100'), 'callStatus');
    expect(hooks.onlyItem.pk).toBe('CS#CA1234567890abcdef1234567890abcdef#-#completed');
  });

  test('of a child leg names its parent', async () => {
    const parent = `CA${'9'.repeat(32)}`;
    const { hooks } = await post(replace(byId('cap-096'), 'ParentCallSid', parent), 'callStatus');
    expect(onlyEvent(hooks)).toMatchObject({ data: { parentCallSid: parent } });
  });

  test('that comes twice is one item, the next one of the call another', async () => {
    const { hooks } = await post(byId('cap-096'), 'callStatus');
    await post(byId('cap-096'), 'callStatus', hooks);
    expect(hooks.inbox.items.size).toBe(1);
    await post(replace(byId('cap-096'), 'SequenceNumber', '2'), 'callStatus', hooks);
    expect(hooks.inbox.items.size).toBe(2);
  });

  test('carries no number, no place and no name in its event', async () => {
    const { hooks } = await post(byId('cap-096'), 'callStatus');
    expect(JSON.stringify(hooks.onlyItem.outbox)).not.toMatch(/555|Paulo|NEW YORK|10004/);
  });

  test.each([
    ['CallSid', 'CAxyz', 'form'],
    ['CallSid', undefined, 'missing'],
    ['CallStatus', undefined, 'missing'],
    ['CallStatus', 'Completed', 'form'],
    ['SequenceNumber', '-1', 'form'],
    ['SequenceNumber', '1 ', 'form'],
    ['ParentCallSid', 'CA1', 'form'],
    ['SipResponseCode', '4860', 'form'],
    ['CallDuration', '4 9', 'form'],
    ['Timestamp', '<script>', 'form'],
    ['AccountSid', OTHER_ACCOUNT, 'account'],
    ['From', '+15550100048FromCityNEW YORK', 'form'],
    ['To', '+15550100047SequenceNumber9', 'form'],
    ['Sequence', 'Number3', 'recut'],
  ])('with %s = %s is refused', async (name, value, rule) => {
    // A cut shows only where what it was taken from is gone.
    const whole = rule === 'recut' ? replace(byId('cap-096'), 'SequenceNumber', undefined) : byId('cap-096');
    const { hooks, answer } = await post(replace(whole, name, value), 'callStatus');
    expect(answer.statusCode).toBe(403);
    expect(hooks.inbox.items.size).toBe(0);
    expect(hooks.observer.lines.at(-1)).toMatchObject({ fields: { rule } });
  });

  test.each([
    'client:alice',
    'sip:alice@example.com;transport=udp',
    'anonymous',
    'unknown',
    '+266696687',
    '',
  ])('from %j is accepted: a party need not be a number', async (from) => {
    const { answer } = await post(replace(byId('cap-096'), 'From', from), 'callStatus');
    expect(answer.statusCode).toBe(200);
  });

  test('with an unknown word is kept: nothing that Twilio tells is lost', async () => {
    const { hooks } = await post(replace(byId('cap-096'), 'CallStatus', 'transferring'), 'callStatus');
    expect(onlyEvent(hooks)).toMatchObject({ data: { status: 'transferring' } });
  });

  test('forged is refused, and not kept', async () => {
    const hooks = new HooksHarness();
    const answer = await hooks.postForm(byId('cap-096'), { route: 'callStatus' }, 'f'.repeat(32));
    expect([answer.statusCode, hooks.inbox.items.size]).toEqual([403, 0]);
  });
});

describe('a verdict of machine detection', () => {
  const verdict: Parameter[] = [
    ['CallSid', `CA${'a'.repeat(32)}`],
    ['AccountSid', ACCOUNT],
    ['AnsweredBy', 'machine_end_beep'],
    ['MachineDetectionDuration', '3500'],
  ];

  test('is kept once per call', async () => {
    const { hooks } = await post(verdict, 'machineDetection');
    expect(hooks.onlyItem).toMatchObject({ pk: `AMD#CA${'a'.repeat(32)}`, kind: 'machine-detection' });
    expect(onlyEvent(hooks)).toMatchObject({
      type: 'call.machine-detected.v1',
      data: { answeredBy: 'machine_end_beep', durationMilliseconds: 3500 },
    });
  });

  test.each([
    ['AnsweredBy', ''],
    ['AnsweredBy', undefined],
    ['AnsweredBy', 'machine end'],
    ['MachineDetectionDuration', '3.5'],
    ['CallSid', `CF${'a'.repeat(32)}`],
  ])('with %s = %s is refused', async (name, value) => {
    expect((await post(replace(verdict, name, value), 'machineDetection')).answer.statusCode).toBe(403);
  });
});

describe('a recording', () => {
  test('is kept under its SID and status', async () => {
    const { hooks } = await post(byId('cap-108'), 'recordings');
    expect(hooks.onlyItem.pk).toBe('REC#RE0ff7ecec483bcbbeb0d76eb8bfe5b6e0#completed');
    expect(onlyEvent(hooks)).toMatchObject({
      type: 'recording.reported.v1',
      correlationId: 'CAc171381f0271647a58f4b30e02a14d23',
      data: {
        recordingSid: 'RE0ff7ecec483bcbbeb0d76eb8bfe5b6e0',
        callSid: 'CAc171381f0271647a58f4b30e02a14d23',
        status: 'completed',
        durationSeconds: 3,
        channels: 1,
        source: 'RecordVerb',
        startedAt: '2021-07-29T06:59:25.000Z',
      },
    });
    expect(JSON.stringify(hooks.onlyItem.outbox)).not.toContain('api.twilio.com');
  });

  test('of a conference names the conference', async () => {
    const conference = replace(byId('cap-108'), 'CallSid', undefined);
    const { hooks } = await post(replace(conference, 'ConferenceSid', `CF${'c'.repeat(32)}`), 'recordings');
    expect(onlyEvent(hooks)).toMatchObject({ data: { conferenceSid: `CF${'c'.repeat(32)}` } });
  });

  test.each([
    ['RecordingStatus', undefined],
    ['CallSid', undefined],
    ['RecordingChannels', '3'],
    ['RecordingDuration', '3s'],
    ['RecordingUrl', 'https://api.twilio.com/a b'],
    ['AccountSid', OTHER_ACCOUNT],
  ])('with %s = %s is refused', async (name, value) => {
    expect((await post(replace(byId('cap-108'), name, value), 'recordings')).answer.statusCode).toBe(403);
  });
});

const TASK_EVENT: readonly Parameter[] = [
  ['AccountSid', ACCOUNT],
  ['EventType', 'reservation.accepted'],
  ['EventDescription', 'Reservation accepted by Alice'],
  ['ResourceType', 'reservation'],
  ['ResourceSid', `WR${'b'.repeat(32)}`],
  ['Sid', `EV${'c'.repeat(32)}`],
  ['TaskAttributes', `{"call_sid":"CA${'1'.repeat(32)}","from":"+15550100002","called":"+15550100001"}`],
  ['TaskSid', `WT${'e'.repeat(32)}`],
  ['ReservationSid', `WR${'b'.repeat(32)}`],
  ['WorkerName', 'Alice'],
  ['WorkflowSid', `WW${'d'.repeat(32)}`],
  ['WorkspaceSid', `WS${'f'.repeat(32)}`],
  ['Timestamp', '1772366400'],
  ['TimestampMs', '1772366400123'],
];

describe('an event of TaskRouter', () => {
  test('is kept under its SID, names the call it stands for, and carries no name and no number', async () => {
    const { hooks, answer } = await post(TASK_EVENT, 'taskRouterEvents');
    expect(answer).toEqual({
      statusCode: 204,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: '',
    });
    expect(hooks.onlyItem.pk).toBe(`TR#EV${'c'.repeat(32)}`);
    expect(onlyEvent(hooks)).toMatchObject({
      type: 'taskrouter.reported.v1',
      correlationId: `CA${'1'.repeat(32)}`,
      data: {
        eventType: 'reservation.accepted',
        callSid: `CA${'1'.repeat(32)}`,
        occurredAt: '2026-03-01T12:00:00.123Z',
      },
    });
    expect(JSON.stringify(hooks.onlyItem.outbox)).not.toMatch(/Alice|555/);
  });

  test('without a SID of its own is told apart by resource, type and time', async () => {
    const { hooks } = await post(replace(TASK_EVENT, 'Sid', undefined), 'taskRouterEvents');
    expect(hooks.onlyItem.pk).toBe(`TR#WR${'b'.repeat(32)}#reservation.accepted#1772366400123`);
  });

  test.each([
    ['EventType', undefined],
    ['EventType', 'reservation'],
    ['EventType', 'Reservation.Accepted'],
    ['TaskSid', 'WT1'],
    ['ResourceSid', 'x'],
    ['AccountSid', OTHER_ACCOUNT],
  ])('with %s = %s is refused', async (name, value) => {
    expect((await post(replace(TASK_EVENT, name, value), 'taskRouterEvents')).answer.statusCode).toBe(403);
  });

  test('about nothing is refused: no key could tell it from others', async () => {
    const bare: Parameter[] = [
      ['AccountSid', ACCOUNT],
      ['EventType', 'workspace.updated'],
    ];
    expect((await post(bare, 'taskRouterEvents')).answer.statusCode).toBe(403);
  });

  test.each(['{"call_sid":"CA1"}', '{"call_sid":7}', '[]', 'no json', ''])(
    'whose attributes are %s stands for no call',
    async (attributes) => {
      const { hooks } = await post(replace(TASK_EVENT, 'TaskAttributes', attributes), 'taskRouterEvents');
      expect(onlyEvent(hooks)).toMatchObject({ correlationId: `WT${'e'.repeat(32)}` });
      expect(onlyEvent(hooks).data).not.toHaveProperty('callSid');
    },
  );
});

describe('the question for a reservation', () => {
  const question = (workflow: string | undefined): Parameter[] =>
    replace(
      TASK_EVENT.filter(([name]) => !['EventType', 'Sid', 'ResourceSid', 'ResourceType'].includes(name)),
      'WorkflowSid',
      workflow,
    );

  test('is answered at once with the instruction of its workflow', async () => {
    const { hooks, answer } = await post(question(`WW${'d'.repeat(32)}`), 'taskRouterAssignment');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toEqual({ 'content-type': 'application/json; charset=utf-8' });
    expect(JSON.parse(answer.body ?? '')).toEqual({
      instruction: 'dequeue',
      from: '+15550100001',
      status_callback_url: `${ORIGIN}/twilio/${ACCOUNT}/voice/status#rc=3&rp=all&ct=2000&rt=3500`,
      status_callback_events: 'initiated,ringing,answered,completed',
    });
    expect(hooks.onlyItem.pk).toBe(`TR#WR${'b'.repeat(32)}#assignment#-`);
    expect(onlyEvent(hooks)).toMatchObject({ data: { eventType: 'assignment' } });
  });

  test.each([[`WW${'e'.repeat(32)}`], [undefined]])(
    'of the workflow %s, which has no instruction, is left to the desktop',
    async (workflow) => {
      const { answer } = await post(question(workflow), 'taskRouterAssignment');
      expect([answer.statusCode, answer.body]).toEqual([200, '{}']);
    },
  );

  test('asked again is answered the same', async () => {
    const { hooks, answer } = await post(question(`WW${'d'.repeat(32)}`), 'taskRouterAssignment');
    const again = await post(question(`WW${'d'.repeat(32)}`), 'taskRouterAssignment', hooks);
    expect(again.answer).toEqual(answer);
  });

  test('is answered even while the inbox is down: the instruction is configuration', async () => {
    const hooks = new HooksHarness();
    hooks.inbox.faults.push('unavailable');
    const { answer, outcomes } = await post(question(`WW${'d'.repeat(32)}`), 'taskRouterAssignment', hooks);
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ instruction: 'dequeue' });
    expect(outcomes).toEqual(['unavailable']);
  });

  test.each([
    ['ReservationSid', undefined],
    ['ReservationSid', ''],
    ['TaskSid', undefined],
    ['AccountSid', OTHER_ACCOUNT],
  ])('with %s = %s is refused', async (name, value) => {
    const { answer } = await post(replace(question(undefined), name, value), 'taskRouterAssignment');
    expect(answer.statusCode).toBe(403);
  });
});
