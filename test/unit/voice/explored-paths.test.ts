import { describe, expect, test } from '@jest/globals';
import { FLOWS } from '../../../config/flows/index.ts';
import type { StepInput } from '../../../functions/voice/domain/call-state.ts';
import { type ExploredStep, explore } from '../../../functions/voice/domain/check/explore.ts';
import { packageOf } from '../../../functions/voice/domain/flow-package.ts';
import { CLOSED, callSidOf, OPEN, VoiceHarness, verbsOf } from '../../fakes/voice/voice-harness.ts';

type Answer = Awaited<ReturnType<VoiceHarness['post']>>;

/** Paths that no other path goes on from: together they take every explored step. */
const leaves = (steps: readonly ExploredStep[]): readonly ExploredStep[] => {
  const nameOf = ({ circumstances, context }: ExploredStep, path: ExploredStep['path']): string =>
    JSON.stringify([circumstances, context, path.map(({ on }) => on)]);
  const inner = new Set(steps.map((step) => nameOf(step, step.path.slice(0, -1))));
  return steps.filter((step) => !inner.has(nameOf(step, step.path)));
};

/** As Twilio would say it. */
const parametersOf = (input: StepInput): readonly (readonly [string, string])[] => [
  ['CallStatus', input.isOver ? 'completed' : 'in-progress'],
  ...(input.digits === undefined ? [] : [['Digits', input.digits] as const]),
  ...(input.speech === undefined ? [] : [['SpeechResult', input.speech] as const]),
  ...(input.dialStatus === undefined ? [] : [['DialCallStatus', input.dialStatus] as const]),
  ...(input.queueResult === undefined ? [] : [['QueueResult', input.queueResult] as const]),
  ...(input.recordedSeconds === undefined
    ? []
    : [['RecordingDuration', String(input.recordedSeconds)] as const]),
];

/** Where Twilio goes on: to the action, or past it to the redirect, where nothing was said. */
const wayOn = (answer: Answer): string | undefined => {
  const verbs = verbsOf(answer);
  return (
    verbs.find(({ attributes }) => attributes.action !== undefined)?.attributes.action ??
    verbs.find(({ name }) => name === 'Redirect')?.text
  );
};

const START = 'AbCdEfGhIjKlMnOpQrStUv';

const walk = async (
  name: string,
  explored: ExploredStep,
): Promise<{ answer: Answer; state: string; outcome: unknown }> => {
  const { circumstances, context, path } = explored;
  const twilio = new VoiceHarness({ recording: circumstances.recording });
  twilio.now = circumstances.isOpen ? OPEN : CLOSED;
  const { 'answered-by': who, ...values } = context;
  await twilio.arm({ token: START, flow: name, context: values });
  const parameters = [['AnsweredBy', who === 'machine' ? 'machine_start' : 'human']] as const;
  let answer = await twilio.post({ route: 'callStep', token: START, parameters });
  for (const { input } of path) {
    const url = wayOn(answer);
    if (url === undefined) throw new Error(`no way on in ${answer.body}`);
    answer = await twilio.follow(url, parametersOf(input));
  }
  const events = twilio.events().filter(({ type }) => type !== 'call.notice-given.v1');
  const ended = events.find(({ type }) => type === 'call.flow-ended.v1');
  const taken = events.filter(({ type }) => type === 'call.step-taken.v1').at(-1);
  const [call] = twilio.tables.items('voice').filter(({ pk }) => pk === `CALL#${callSidOf(1)}`);
  expect(call?.version).toBe(path.length + 1);
  return { answer, state: String(taken?.data.state), outcome: ended?.data.outcome };
};

describe.each(['support-line', 'appointment'])('every explored path of %s', (name) => {
  const exploration = explore(packageOf(name, new Map(Object.entries(FLOWS))));
  const all = leaves(exploration.steps);
  // A twentieth of the support line's, spread over all of them; all of them with PROPERTY_RUNS.
  const every = process.env.PROPERTY_RUNS === undefined ? Math.ceil(all.length / 150) : 1;
  const chosen = all.filter((_, at) => at % every === 0);

  test(`leads the real handler to the same state (${chosen.length} of ${all.length} paths)`, async () => {
    for (const explored of chosen) {
      const { answer, state, outcome } = await walk(name, explored);
      const frame = explored.arrival.state.frames.at(-1);

      expect(answer.statusCode).toBe(200);
      expect(state).toBe(`${frame?.flow}/${frame?.state}`);
      expect(outcome).toBe(explored.arrival.state.outcome);
    }
  });

  test('ends in an outcome or in a question with a way on', () => {
    for (const { arrival } of all)
      expect(
        arrival.state.outcome ??
          arrival.verbs.some(({ verb }) => 'gather enqueue dial record'.includes(verb)),
      ).toBeTruthy();
  });
});
