import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { callSidOf, VoiceHarness, verbsOf } from '../../fakes/voice/voice-harness.ts';

/** 100,000 by PROPERTY_RUNS (npm run bench names the figure). */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 300);

type Answer = Awaited<ReturnType<VoiceHarness['post']>>;
type Parameters = readonly (readonly [string, string])[];

/** What Twilio, a caller, a network and a deployment may do next. */
type Command =
  | { readonly kind: 'step'; readonly parameters: Parameters }
  | { readonly kind: 'again' | 'by-fallback' | 'redeploy' | 'foreign' | 'inbound-again' | 'wait' }
  | { readonly kind: 'stale'; readonly back: number; readonly parameters: Parameters }
  | { readonly kind: 'parallel'; readonly left: Parameters; readonly right: Parameters }
  | { readonly kind: 'lost-acknowledgement'; readonly parameters: Parameters };

const said: fc.Arbitrary<Parameters> = fc.oneof(
  fc.constantFrom(...'0123456789*#').map((key) => [['Digits', key]] as const),
  fc.constant([] as const),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map((words) => [['SpeechResult', words]] as const),
  fc
    .constantFrom('support', 'office', 'again', 'opening hours')
    .map((words) => [['SpeechResult', words]] as const),
  fc
    .constantFrom('completed', 'busy', 'no-answer', 'failed', 'canceled')
    .map((word) => [['DialCallStatus', word]] as const),
  fc
    .constantFrom('bridged', 'leave', 'queue-full', 'error', 'hangup')
    .map((word) => [['QueueResult', word]] as const),
  fc.constantFrom('0', '3').map((seconds) => [['RecordingDuration', seconds]] as const),
  fc.constant([['CallStatus', 'completed']] as const),
);

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: said.map((parameters) => ({ kind: 'step', parameters }) as const) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('again', 'by-fallback', 'redeploy', 'foreign', 'inbound-again', 'wait')
      .map((kind) => ({ kind }) as const),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(5), said)
      .map(([back, parameters]) => ({ kind: 'stale', back, parameters }) as const),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(said, said).map(([left, right]) => ({ kind: 'parallel', left, right }) as const),
  },
  { weight: 1, arbitrary: said.map((parameters) => ({ kind: 'lost-acknowledgement', parameters }) as const) },
);

const wayOn = (answer: Answer): string | undefined => {
  const verbs = verbsOf(answer);
  return (
    verbs.find(({ attributes }) => attributes.action !== undefined)?.attributes.action ??
    verbs.find(({ name }) => name === 'Redirect')?.text
  );
};

/** What a caller's side may believe: which address is next, what was last heard, how many steps were taken. */
class Model {
  readonly twilio = new VoiceHarness();
  readonly past: string[] = [];
  last: { readonly url: string; readonly parameters: Parameters } | undefined;
  body = '';
  next: string | undefined;
  steps = 1;

  async begin(): Promise<void> {
    this.hear(await this.twilio.post());
  }

  hear(answer: Answer): void {
    expect(answer.statusCode).toBe(200);
    this.body = answer.body ?? '';
    this.next = wayOn(answer);
  }

  async take(url: string, parameters: Parameters): Promise<void> {
    this.last = { url, parameters };
    this.past.push(url);
    this.hear(await this.twilio.follow(url, parameters));
    this.steps += 1;
  }

  async expectSame(answer: Promise<Answer>): Promise<void> {
    expect((await answer).body).toBe(this.body);
  }

  version(): unknown {
    return this.twilio.tables.items('voice').find(({ pk }) => pk === `CALL#${callSidOf(1)}`)?.version;
  }
}

const run = async (model: Model, one: Command): Promise<void> => {
  const { twilio, next, last } = model;
  switch (one.kind) {
    case 'step':
      return next === undefined ? undefined : await model.take(next, one.parameters);
    case 'again':
      return last === undefined
        ? undefined
        : await model.expectSame(twilio.follow(last.url, last.parameters));
    case 'by-fallback': {
      if (last === undefined) return;
      const added = [
        ['ErrorCode', '11205'],
        ['ErrorUrl', 'https://hooks.example.com'],
      ] as const;
      return await model.expectSame(twilio.follow(last.url, [...last.parameters, ...added]));
    }
    case 'inbound-again':
      return await model.expectSame(twilio.post());
    case 'stale': {
      const url = model.past.at(-1 - one.back);
      return url === undefined ? undefined : await model.expectSame(twilio.follow(url, one.parameters));
    }
    case 'foreign':
      expect((await twilio.post({ route: 'callStep', token: `s${'z'.repeat(22)}` })).statusCode).toBe(403);
      return;
    case 'redeploy':
      return twilio.redeploy({});
    case 'wait': {
      const url = /waitUrl="([^"]+)"/.exec(model.body)?.[1];
      if (url !== undefined) expect((await twilio.follow(url, [['QueueTime', '5']])).statusCode).toBe(200);
      return;
    }
    case 'parallel': {
      if (next === undefined) return;
      const answers = await Promise.all([twilio.follow(next, one.left), twilio.follow(next, one.right)]);
      expect(answers[1].body).toBe(answers[0].body);
      model.past.push(next);
      model.last = undefined;
      model.steps += 1;
      return model.hear(answers[0]);
    }
    case 'lost-acknowledgement': {
      if (next === undefined) return;
      twilio.tables.inject({ before: ({ operation }) => (operation === 'put' ? 'repeated' : undefined) });
      await model.take(next, one.parameters);
      return twilio.tables.inject({});
    }
    default:
      return one satisfies never;
  }
};

describe('any order of steps, repeats, stale and parallel ones, lost answers and deployments', () => {
  test(`moves a call once a step, gives repeats the same bytes, and never leaves it without a way on (${RUNS} runs)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
        const model = new Model();
        await model.begin();
        for (const one of commands) {
          await run(model, one);
          expect(model.version()).toBe(model.steps);
          if (model.next === undefined) expect(model.body).toMatch(/<Hangup\/>|<Response\/>/);
        }
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);
});
