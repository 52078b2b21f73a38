import { beforeEach, describe, expect, test } from '@jest/globals';
import { FLOWS } from '../../../config/flows/index.ts';
import { supportLine } from '../../../config/flows/support-line.ts';
import { StoreUnavailableError, type TableClient } from '../../../functions/shared/ports/table-client.ts';
import type { PlannedRecording } from '../../../functions/voice/domain/step-environment.ts';
import {
  ACCOUNT,
  AGREED,
  addressOf,
  CALLER,
  CLOSED,
  callSidOf,
  nextStep,
  OTHER_ACCOUNT,
  shape,
  VoiceHarness,
  verbsOf,
} from '../../fakes/voice/voice-harness.ts';
import { FALLBACK_NUMBER, SUPPORT_NUMBER } from '../../fakes/voice/voice-settings.ts';

let twilio: VoiceHarness;
beforeEach(() => {
  twilio = new VoiceHarness();
});

const START = 'AbCdEfGhIjKlMnOpQrStUv';
const digits = (keys: string) => [['Digits', keys]] as const;

describe('an inbound call', () => {
  test('enters the flow of the called number and is asked', async () => {
    const answer = await twilio.post();

    expect(answer.statusCode).toBe(200);
    expect(answer.headers?.['content-type']).toBe('text/xml; charset=utf-8');
    expect(shape(answer)).toBe('Say Gather Redirect');
    expect(nextStep(answer)).toMatch(
      new RegExp(`^https://hooks.example.com/twilio/${ACCOUNT}/voice/steps/s[\\w-]{22}#rc=3&rp=all`),
    );
  });

  test('outside the hours is led to the voicemail', async () => {
    twilio.now = CLOSED;

    expect(shape(await twilio.post())).toBe('Say Say Say Say Record Redirect');
  });

  test('told twice gets the same bytes, and begins once', async () => {
    const first = await twilio.post();
    const second = await twilio.post();

    expect(second.body).toBe(first.body);
    expect(twilio.events().map(({ type }) => type)).toEqual(['call.received.v1', 'call.step-taken.v1']);
  });

  test('told again by the fallback, with ErrorCode and ErrorUrl, gets the same bytes', async () => {
    const first = await twilio.post();
    const parameters = [
      ['ErrorCode', '11200'],
      ['ErrorUrl', 'https://hooks.example.com/'],
    ] as const;

    expect((await twilio.post({ parameters })).body).toBe(first.body);
    expect(twilio.outcomes()).toEqual(['answered', 'repeated']);
  });

  test('of two at the same instant, one begins and both hear the same', async () => {
    const [first, second] = await Promise.all([twilio.post(), twilio.post()]);

    expect(second.body).toBe(first.body);
    expect(twilio.tables.items('voice').filter(({ kind }) => kind === 'call')).toHaveLength(1);
  });

  test('keeps its flow by the hash of its content, with the first call', async () => {
    await twilio.post();
    const [call] = twilio.tables.items('voice').filter(({ kind }) => kind === 'call');
    const [flow] = twilio.tables.items('voice').filter(({ kind }) => kind === 'flow');

    expect(flow?.pk).toBe(`FLOW#${call?.flowHash}`);
  });

  test('has no number, digit or word of a caller in its events', async () => {
    const answer = await twilio.post();
    await twilio.follow(nextStep(answer), digits('9'));
    const told = JSON.stringify(twilio.events());

    expect(told).not.toContain(CALLER.slice(1));
    expect(told).not.toContain(SUPPORT_NUMBER.slice(1));
    expect(told).not.toMatch(/digits/i);
    expect(told).not.toContain(addressOf(nextStep(answer)).token);
  });
});

describe('a step', () => {
  test('takes the call on, under a new token', async () => {
    const menu = await twilio.post();
    const person = await twilio.follow(nextStep(menu), digits('2'));

    expect(shape(person)).toBe('Say Dial');
    expect(nextStep(person)).not.toBe(nextStep(menu));
  });

  test('is told on the timeline with the number of keys, not with the keys', async () => {
    const menu = await twilio.post();
    twilio.events();
    await twilio.follow(nextStep(menu), digits('2'));

    expect(twilio.events()).toMatchObject([
      {
        id: `voice/CALL#${callSidOf(1)}/2/0`,
        type: 'call.step-taken.v1',
        data: { step: 2, state: 'talk-to-a-person/ring', on: 'keys', keyPresses: 1, verbs: 'Say Dial' },
      },
    ]);
  });

  test('asked again with the same parameters gets the stored bytes and changes nothing', async () => {
    const menu = await twilio.post();
    const first = await twilio.follow(nextStep(menu), digits('2'));
    twilio.events();
    const again = await twilio.follow(nextStep(menu), digits('2'));

    expect(again.body).toBe(first.body);
    expect(twilio.events()).toEqual([]);
  });

  test('used twice with different keys is taken once; the late one hears where the call is', async () => {
    const menu = await twilio.post();
    const first = await twilio.follow(nextStep(menu), digits('2'));
    const late = await twilio.follow(nextStep(menu), digits('1'));

    expect(late.body).toBe(first.body);
    expect(twilio.outcomes()).toContain('stale');
  });

  test('of two parallel ones with different keys, one is taken and both hear it', async () => {
    const menu = await twilio.post();
    twilio.events();
    const [left, right] = await Promise.all([
      twilio.follow(nextStep(menu), digits('1')),
      twilio.follow(nextStep(menu), digits('2')),
    ]);

    expect(right.body).toBe(left.body);
    expect(twilio.events().filter(({ type }) => type === 'call.step-taken.v1')).toHaveLength(1);
  });

  test('long past is stale: the call hears its present document', async () => {
    const menu = await twilio.post();
    const second = await twilio.follow(nextStep(menu), digits('9'));
    const third = await twilio.follow(nextStep(second), digits('2'));

    expect((await twilio.follow(nextStep(menu), digits('9'))).body).toBe(third.body);
  });

  test('that skips ahead, with a token of nobody, is refused', async () => {
    await twilio.post();
    const answer = await twilio.post({ route: 'callStep', token: `s${'x'.repeat(22)}` });

    expect(answer).toMatchObject({ statusCode: 403, body: '' });
    expect(twilio.observer.counts.get('ForeignStep')).toBe(1);
  });

  test("with another call's token is refused, and neither call moves", async () => {
    const mine = await twilio.post();
    const theirs = await twilio.post({ callSid: callSidOf(2) });
    twilio.events();

    expect((await twilio.follow(nextStep(theirs), digits('2'))).statusCode).toBe(403);
    expect(twilio.events()).toEqual([]);
    expect(shape(await twilio.follow(nextStep(mine), digits('2')))).toBe('Say Dial');
  });

  test('of a call that is not there (any more) ends in an apology with a way on', async () => {
    const answer = await twilio.post({ route: 'callStep', token: `s${'x'.repeat(22)}` });

    expect(shape(answer)).toBe('Say Dial Record Say Hangup');
    expect(answer.body).toContain(FALLBACK_NUMBER);
    expect(twilio.observer.counts.get('CallApology:lost')).toBe(1);
  });

  test('after the end only hangs up', async () => {
    const menu = await twilio.post();
    const gone = await twilio.follow(nextStep(menu), [['CallStatus', 'completed']]);
    const late = await twilio.follow(nextStep(menu), digits('1'));

    expect(shape(gone)).toBe('');
    expect(shape(late)).toBe('');
    expect(twilio.events().at(-1)).toMatchObject({
      type: 'call.flow-ended.v1',
      data: { outcome: 'hung-up-in-menu' },
    });
  });

  test.each([
    ['a thousand keys', 'Digits', '1'.repeat(1000)],
    ['keys that are none', 'Digits', 'ABC<&>"\u202e'],
    ['a sentence in another script', 'SpeechResult', 'मैं अपॉइंटमेंट की पुष्टि करना चाहता हूँ'],
    ['a very long sentence', 'SpeechResult', 'support '.repeat(2000)],
    ['a name of JavaScript', 'SpeechResult', '__proto__'],
  ])(
    'takes %s for an answer that fits, or for none; the caller is asked again or led on',
    async (_, name, value) => {
      const menu = await twilio.post();
      const answer = await twilio.follow(nextStep(menu), [[name, value]]);

      expect(answer.statusCode).toBe(200);
      expect(nextStep(answer)).toContain('/voice/steps/');
    },
  );
});

describe('a call that we placed', () => {
  test('begins with the token of its attempt: evidence for the intent, without the token', async () => {
    await twilio.arm({ token: START });
    twilio.events();
    const answer = await twilio.post({
      route: 'callStep',
      token: START,
      parameters: [['Direction', 'outbound-api']],
    });

    expect(shape(answer)).toBe('Gather Redirect');
    expect(answer.body).toContain('appointment on Tuesday at ten');
    const [began] = twilio.events();
    expect(began).toMatchObject({
      type: 'call.began.v1',
      correlationId: 'order-7',
      data: { callSid: callSidOf(1), intentId: 'itn_1', attempt: 1 },
    });
    expect(JSON.stringify(began)).not.toContain(START);
  });

  test('fetched again gets the same bytes', async () => {
    await twilio.arm({ token: START });
    const first = await twilio.post({ route: 'callStep', token: START });

    expect((await twilio.post({ route: 'callStep', token: START })).body).toBe(first.body);
  });

  test('answered by a machine leaves its message', async () => {
    await twilio.arm({ token: START });
    const parameters = [['AnsweredBy', 'machine_end_beep']] as const;

    expect(shape(await twilio.post({ route: 'callStep', token: START, parameters }))).toBe('Say Say Hangup');
  });

  test('reports the decision as a word', async () => {
    await twilio.arm({ token: START });
    const answer = await twilio.post({ route: 'callStep', token: START });
    twilio.events();
    await twilio.follow(nextStep(answer), digits('1'));

    expect(twilio.events().slice(1)).toMatchObject([
      { type: 'call.reported.v1', data: { word: 'confirmed', intentId: 'itn_1' } },
      { type: 'call.flow-ended.v1', data: { outcome: 'confirmed' } },
    ]);
  });

  test('whose start has expired is apologised to', async () => {
    await twilio.arm({ token: START, expiresAt: Math.floor(twilio.now / 1000) });

    expect(shape(await twilio.post({ route: 'callStep', token: START }))).toBe('Say Dial Record Say Hangup');
  });

  test("of another account's start is refused", async () => {
    await twilio.arm({ token: START, accountSid: OTHER_ACCOUNT });

    expect((await twilio.post({ route: 'callStep', token: START })).statusCode).toBe(403);
  });
});

describe('waits and whispers', () => {
  const toQueue = async () => await twilio.follow(nextStep(await twilio.post()), digits('1'));
  const waitOf = (answer: Awaited<ReturnType<typeof toQueue>>): string =>
    verbsOf(answer).find(({ name }) => name === 'Enqueue')?.attributes.waitUrl ?? '';
  const waiting = (seconds: number) =>
    [
      ['QueueTime', String(seconds)],
      ['QueuePosition', '3'],
    ] as const;

  test('tell the position, as often as Twilio asks, and write nothing', async () => {
    const url = waitOf(await toQueue());
    twilio.events();
    const first = await twilio.follow(url, waiting(0));
    const second = await twilio.follow(url, waiting(31));

    expect(shape(first)).toBe('Say Pause');
    expect(first.body).toContain('number 3 in the queue');
    expect(shape(second)).toBe('Say Pause');
    expect(twilio.events()).toEqual([]);
  });

  test('end with the longest wait, and the flow offers a way on', async () => {
    const queued = await toQueue();

    expect(shape(await twilio.follow(waitOf(queued), waiting(300)))).toBe('Leave');
    const offered = await twilio.follow(nextStep(queued), [['QueueResult', 'leave']]);
    expect(offered.body).toContain('press 1 to stay in the queue'.replace('press', 'Press'));
  });

  test('of a step that is over let go', async () => {
    const queued = await toQueue();
    await twilio.follow(nextStep(queued), [['QueueResult', 'queue-full']]);

    expect(shape(await twilio.follow(waitOf(queued), waiting(5)))).toBe('Leave');
  });

  test("whisper to the leg that was dialled, found by its parent's CallSid", async () => {
    const dialled = await twilio.follow(nextStep(await twilio.post()), digits('2'));
    const number = verbsOf(dialled).find(({ name }) => name === 'Dial')?.children[0];
    const parameters = [['ParentCallSid', callSidOf(1)]] as const;
    const whisper = await twilio.follow(number?.attributes.url ?? '', parameters, callSidOf(9));

    expect(shape(whisper)).toBe('Say');
    expect(whisper.body).toContain('A caller from the automatic line');
  });
});

describe('a recorded conversation', () => {
  const dialled = async (recording: PlannedRecording) => {
    twilio = new VoiceHarness({ recording });
    return await twilio.follow(nextStep(await twilio.post()), digits('2'));
  };

  test('is announced before it begins, and the notice is told with its policy', async () => {
    const answer = await dialled(AGREED);

    expect(shape(answer)).toBe('Say Say Dial');
    expect(answer.body).toContain(AGREED.wording);
    expect(verbsOf(answer).at(-1)?.attributes.record).toBe('record-from-answer-dual');
    expect(twilio.events().at(-1)).toMatchObject({
      type: 'call.notice-given.v1',
      data: { consent: 'announced', noticeId: AGREED.noticeId, policyVersion: '3', jurisdictions: ['US-CA'] },
    });
  });

  test('waits for the key where the law wants one, and is none without it', async () => {
    const asked = await dialled({ ...AGREED, before: 'key-press' });
    expect(shape(asked)).toBe('Say Gather Redirect');
    const refused = await twilio.follow(nextStep(asked), digits('2'));

    expect(verbsOf(refused).at(-1)?.attributes).not.toHaveProperty('record');
    expect(twilio.events().map(({ type }) => type)).not.toContain('call.notice-given.v1');
  });

  test('begins with the key', async () => {
    const asked = await dialled({ ...AGREED, before: 'key-press' });
    const agreed = await twilio.follow(nextStep(asked), digits('1'));

    expect(verbsOf(agreed).at(-1)?.attributes.record).toBe('record-from-answer-dual');
    expect(twilio.events().at(-1)).toMatchObject({ data: { consent: 'key-press' } });
  });
});

describe('whatever fails', () => {
  const broken =
    (fail: () => never) =>
    (tables: TableClient): TableClient => ({ ...tables, put: fail, transact: fail });

  test.each([
    [
      'a table that does not answer',
      () => {
        throw new StoreUnavailableError('fault');
      },
      'store',
    ],
    [
      'a bug',
      () => {
        throw new TypeError('fault');
      },
      'broken',
    ],
  ])('%s becomes an apology with a person and a voicemail, never an error page', async (_, fail, cause) => {
    twilio = new VoiceHarness({ tables: broken(fail) });
    const answer = await twilio.post();

    expect(answer.statusCode).toBe(200);
    expect(shape(answer)).toBe('Say Dial Record Say Hangup');
    expect(verbsOf(answer)[2]?.attributes).toMatchObject({
      action: 'https://fallback.example.com/voice/goodbye.xml',
      method: 'GET',
    });
    expect(twilio.observer.counts.get(`CallApology:${cause}`)).toBe(1);
  });

  test('a table too slow is not waited for', async () => {
    twilio = new VoiceHarness({ within: async () => 'deadline' });

    expect(shape(await twilio.post())).toBe('Say Dial Record Say Hangup');
    expect(twilio.observer.counts.get('CallApology:deadline')).toBe(1);
  });

  test('in a queue leads back to the flow', async () => {
    twilio = new VoiceHarness({ within: async () => 'deadline' });

    expect(shape(await twilio.post({ route: 'callWait', token: `w${'x'.repeat(22)}` }))).toBe('Leave');
  });

  test('an acknowledgement that got lost is no second step', async () => {
    const menu = await twilio.post();
    twilio.tables.inject({ before: ({ operation }) => (operation === 'put' ? 'repeated' : undefined) });
    const answer = await twilio.follow(nextStep(menu), digits('2'));

    expect(shape(answer)).toBe('Say Dial');
    expect(twilio.outcomes()).toEqual(['answered']);
  });

  test('a flow whose row is fought over is kept all the same', async () => {
    let conflicts = 0;
    twilio.tables.inject({
      before: ({ operation }) => {
        if (operation !== 'transact' || conflicts === 1) return undefined;
        conflicts += 1;
        return 'transaction-conflict';
      },
      conflicting: () => [1],
    });

    expect(shape(await twilio.post())).toBe('Say Gather Redirect');
  });
});

describe('a flow changed while a call is in it', () => {
  const changed = {
    ...FLOWS,
    'support-line': {
      ...supportLine,
      states: { ...supportLine.states, talked: { kind: 'hang-up', prompt: [], outcome: 'new-ending' } },
    },
  } as const;

  test('is finished in the version that the call began in, by a sandbox that never knew it', async () => {
    const dialled = await twilio.follow(nextStep(await twilio.post()), digits('2'));
    twilio.redeploy({ flows: changed });
    twilio.events();
    await twilio.follow(nextStep(dialled), [['DialCallStatus', 'completed']]);

    expect(twilio.events().at(-1)).toMatchObject({ data: { outcome: 'talked-to-office' } });
  });

  test('is entered anew by the next call', async () => {
    await twilio.post();
    twilio.redeploy({ flows: changed });
    const dialled = await twilio.follow(
      nextStep(await twilio.post({ callSid: callSidOf(2) })),
      digits('2'),
      callSidOf(2),
    );
    await twilio.follow(nextStep(dialled), [['DialCallStatus', 'completed']], callSidOf(2));

    expect(twilio.events().at(-1)).toMatchObject({ data: { outcome: 'new-ending' } });
  });
});

describe('the order of things', () => {
  test('a forged request never reaches the table', async () => {
    expect(await twilio.post({ signature: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' })).toMatchObject({
      statusCode: 403,
      body: '',
    });
    expect(twilio.tables.calls).toEqual([]);
  });

  test.each([
    ['a query', { query: 'again=1' }, 403],
    ['another media type', { contentType: 'application/json' }, 415],
    ['a token of the wrong form', { route: 'callStep', token: '../../etc' }, 404],
    ['no CallSid worth the name', { parameters: [['CallSid', 'CA123']] }, 403],
    ["another account's AccountSid", { parameters: [['AccountSid', OTHER_ACCOUNT]] }, 403],
    ['a name cut anew', { parameters: [['Digit', 's1']] }, 403],
  ] as const)('%s is refused with an empty body', async (_, delivery, statusCode) => {
    expect(await twilio.post(delivery)).toMatchObject({ statusCode, body: '' });
  });

  test('an unreadable secret asks Twilio to try again', async () => {
    twilio.secrets.isUnavailable = true;

    expect(await twilio.post()).toMatchObject({ statusCode: 503, body: '' });
  });

  test('a step costs two calls of DynamoDB at most', async () => {
    let calls = 0;
    const callsOf = async (work: () => Promise<unknown>): Promise<number> => {
      calls = 0;
      await work();
      return calls;
    };
    twilio.tables.inject({
      before: () => {
        calls += 1;
        return undefined;
      },
    });
    let menu = await twilio.post({ callSid: callSidOf(2) });

    expect(
      await callsOf(async () => {
        menu = await twilio.post();
      }),
    ).toBe(1);
    expect(await callsOf(() => twilio.follow(nextStep(menu), digits('2')))).toBe(2);
    await twilio.arm({ token: START });
    expect(await callsOf(() => twilio.post({ route: 'callStep', token: START, callSid: callSidOf(3) }))).toBe(
      2,
    );
  });
});
