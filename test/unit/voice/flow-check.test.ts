import { describe, expect, test } from '@jest/globals';
import { FLOWS } from '../../../config/flows/index.ts';
import { checkFlows } from '../../../functions/voice/domain/check/check-flows.ts';
import { explore } from '../../../functions/voice/domain/check/explore.ts';
import { showFinding } from '../../../functions/voice/domain/check/finding.ts';
import { packageOf } from '../../../functions/voice/domain/flow-package.ts';

const BYE = { kind: 'hang-up', prompt: [{ say: 'Goodbye.' }], outcome: 'done' };
const LAST = { again: [], to: 'bye' };
const MENU = {
  kind: 'menu',
  prompt: [{ say: 'Press 1.' }],
  timeoutSeconds: 5,
  attempts: 2,
  options: [{ key: '1', to: 'bye' }],
  silence: LAST,
  mismatch: LAST,
};
const GATHER = {
  kind: 'gather',
  slot: 'pin',
  input: 'digits',
  minimumLength: 4,
  maximumLength: 4,
  prompt: [{ say: 'Your number, please.' }],
  timeoutSeconds: 5,
  attempts: 1,
  next: 'bye',
  silence: LAST,
  mismatch: LAST,
};
const WHO = { kind: 'choose', value: 'answered-by', cases: { machine: 'on' }, otherwise: 'bye' };
const DIAL = {
  kind: 'dial',
  destinations: ['office'],
  ringSeconds: 20,
  maximumSeconds: 600,
  answered: 'bye',
  unanswered: 'bye',
};
const QUEUE = {
  kind: 'enqueue',
  to: { queue: 'support', maximumSize: 10 },
  wait: { prompt: [], everySeconds: 30 },
  maximumWaitSeconds: 60,
  bridged: 'bye',
  timedOut: 'bye',
  full: 'bye',
  failed: 'bye',
};

const flow = (start: string, states: object, more: object = {}) => ({
  name: 'broken',
  language: 'en-US',
  hangUp: 'gone',
  maximumSteps: 20,
  start,
  states: { ...states, bye: BYE },
  ...more,
});

const findings = (definition: unknown, others: Readonly<Record<string, unknown>> = {}): readonly string[] =>
  checkFlows({ broken: definition, ...others }).map(showFinding);

describe('a broken flow is refused with its reason', () => {
  test.each<[string, unknown, string]>([
    [
      'a menu without a way for silence',
      flow('menu', { menu: { ...MENU, silence: undefined } }),
      'broken: schema: states.menu.silence',
    ],
    [
      'a menu without a way for a wrong key',
      flow('menu', { menu: { ...MENU, mismatch: undefined } }),
      'broken: schema: states.menu.mismatch',
    ],
    [
      'a wait without an end',
      flow('queue', { queue: { ...QUEUE, maximumWaitSeconds: 100_000 } }),
      'broken: schema: states.queue.maximumWaitSeconds',
    ],
    [
      'a round of waiting that is a hot loop',
      flow('queue', { queue: { ...QUEUE, wait: { prompt: [], everySeconds: 1 } } }),
      'broken: schema: states.queue.wait.everySeconds',
    ],
    [
      'a question that is asked for ever',
      flow('menu', { menu: { ...MENU, attempts: 99 } }),
      'broken: schema: states.menu.attempts',
    ],
    [
      'a prompt with markup',
      flow('say', { say: { kind: 'say', prompt: [{ say: 'a <b> & c' }], next: 'bye' } }),
      'must be plain text',
    ],
    [
      'a prompt with half a character',
      flow('say', { say: { kind: 'say', prompt: [{ say: 'a \ud800' }], next: 'bye' } }),
      'must be plain text',
    ],
    [
      'a prompt longer than Twilio reads',
      flow('say', { say: { kind: 'say', prompt: [{ say: 'a'.repeat(3001) }], next: 'bye' } }),
      'broken: schema: states.say.prompt.0',
    ],
    [
      'a recording whose address holds a caller',
      flow('say', {
        say: { kind: 'say', prompt: [{ play: 'https://example.com/{name}.mp3' }], next: 'bye' },
      }),
      'must be an https address',
    ],
    [
      'a recording whose address has a query',
      flow('say', {
        say: { kind: 'say', prompt: [{ play: 'https://example.com/a.mp3?caller=1' }], next: 'bye' },
      }),
      'must be an https address',
    ],
    [
      'a number where a name belongs',
      flow('dial', { dial: { ...DIAL, destinations: ['+15005550006'] } }),
      'broken: schema: states.dial.destinations.0: must be a word',
    ],
    [
      'a key that no telephone has',
      flow('menu', { menu: { ...MENU, options: [{ key: 'A', to: 'bye' }] } }),
      'must be one key',
    ],
    ['a kind that there is not', flow('odd', { odd: { kind: 'teleport' } }), 'broken: schema: states.odd'],
    [
      'another name than its file says',
      { ...flow('bye', {}), name: 'other' },
      'broken: name: calls itself other',
    ],
    [
      'a dead end',
      flow('menu', { menu: { ...MENU, options: [{ key: '1', to: 'nowhere' }] } }),
      "broken/menu: unknown-state: a dead end: the way '1' leads to nowhere",
    ],
    ['a start that is not there', flow('nowhere', {}), 'broken: unknown-state: it starts in nowhere'],
    ['a state that no call reaches', flow('bye', { island: MENU }), 'broken/island: unreachable'],
    [
      'a menu that a caller can repeat for ever',
      flow('menu', {
        menu: {
          ...MENU,
          options: [
            { key: '1', to: 'bye' },
            { key: '9', to: 'menu' },
          ],
        },
      }),
      'broken/menu: endless-loop: goes round without a limit: menu → menu',
    ],
    [
      'a loop that asks nobody',
      flow('a', {
        a: { kind: 'say', prompt: [{ say: 'a' }], next: 'b' },
        b: { kind: 'hours', calendar: 'support', open: 'a', closed: 'bye' },
      }),
      'broken/a: endless-loop: goes round without a limit: a → b → a',
    ],
    [
      'a limit that leads back beyond itself',
      flow('limit', { limit: { kind: 'limit', visits: 2, within: 'bye', beyond: 'limit' } }),
      'endless-loop',
    ],
    [
      'a key with two meanings',
      flow('menu', {
        menu: {
          ...MENU,
          options: [
            { key: '1', to: 'bye' },
            { key: '1', to: 'bye' },
          ],
        },
      }),
      "broken/menu: ambiguous-option: '1'",
    ],
    [
      'a sentence with two meanings',
      flow('menu', {
        menu: {
          ...MENU,
          options: [
            { key: '1', phrases: ['yes'], to: 'bye' },
            { key: '2', phrases: ['yes'], to: 'bye' },
          ],
        },
      }),
      "broken/menu: ambiguous-option: 'yes'",
    ],
    [
      'an answer that cannot be given',
      flow('gather', { gather: { ...GATHER, minimumLength: 5 } }),
      'broken/gather: lengths',
    ],
    [
      'a value that nobody has',
      flow('say', { say: { kind: 'say', prompt: [{ say: 'Hello {name}.' }], next: 'bye' } }),
      'broken/say: unknown-value: {name}',
    ],
    [
      'a branch on a value that nobody has',
      flow('choose', { choose: { kind: 'choose', value: 'plan', cases: { gold: 'bye' }, otherwise: 'bye' } }),
      'broken/choose: unknown-value: {plan}',
    ],
    [
      'a secret said aloud',
      flow('gather', {
        gather: { ...GATHER, secret: true, next: 'say' },
        say: { kind: 'say', prompt: [{ say: 'You said {pin}.' }], next: 'bye' },
      }),
      'broken/say: secret-told: {pin}',
    ],
    [
      'a value said before it was asked for',
      flow('say', {
        say: { kind: 'say', prompt: [{ say: 'You said {pin}.' }], next: 'gather' },
        gather: GATHER,
      }),
      'broken: breaks: no value for {pin}',
    ],
    [
      'a name in a task',
      flow(
        'queue',
        { queue: { ...QUEUE, attributes: ['patient'] } },
        { context: { patient: { kind: 'text', maximumLength: 40 } } },
      ),
      'broken/queue: personal-attribute: patient',
    ],
    [
      'a recording that nobody was told of',
      flow('dial', { dial: { ...DIAL, record: true } }),
      'broken/dial: unannounced-recording',
    ],
    [
      'a flow that is not there',
      flow('who', { who: WHO, on: { kind: 'redirect', flow: 'nowhere' } }),
      'broken/on: unknown-flow: there is no flow nowhere',
    ],
    [
      'a flow that leads into itself',
      flow('who', { who: WHO, on: { kind: 'redirect', flow: 'broken' } }),
      'broken: endless-flows: flows lead into each other: broken → broken',
    ],
    [
      'fewer steps than a call may need',
      flow('menu', { menu: MENU }, { maximumSteps: 2 }),
      'broken: too-few-steps: a call may take 3 steps, but is given 2',
    ],
    [
      'a document longer than Twilio takes',
      flow(
        's1',
        Object.fromEntries(
          Array.from({ length: 25 }, (_, at) => [
            `s${at + 1}`,
            { kind: 'say', prompt: [{ say: '"'.repeat(3000) }], next: at === 24 ? 'bye' : `s${at + 2}` },
          ]),
        ),
      ),
      'too-long-a-document',
    ],
  ])('%s', (_, definition, reason) => {
    expect(findings(definition).join('\n')).toContain(reason);
  });

  const inner = (states: object) => ({ ...flow('back', states), name: 'inner', states });

  test.each<[string, unknown, string]>([
    [
      'an outcome that nobody awaits',
      flow('sub', { sub: { kind: 'sub-flow', flow: 'inner', returns: { other: 'bye' } } }),
      "broken/sub: unawaited-outcome: a dead end: inner may return 'ready'",
    ],
    [
      'a return after a redirect',
      flow('who', { who: WHO, on: { kind: 'redirect', flow: 'inner' } }),
      'broken/on: return-without-caller',
    ],
  ])('%s', (_, definition, reason) => {
    const others = { inner: inner({ back: { kind: 'return', outcome: 'ready' } }) };

    expect(findings(definition, others).join('\n')).toContain(reason);
  });
});

describe('the flows that are shipped', () => {
  test('have no finding', () => {
    expect(checkFlows(FLOWS)).toEqual([]);
  });

  test.each([
    [
      'support-line',
      'talked-to-agent voicemail-left nothing-said talked-to-office hung-up-in-queue hung-up-in-menu',
    ],
    [
      'appointment',
      'confirmed reschedule-requested talked-to-office voicemail-left undecided left-on-machine',
    ],
  ])('%s reaches every outcome that it names', (name, outcomes) => {
    const explored = explore(packageOf(name, new Map(Object.entries(FLOWS))));

    expect([...explored.outcomes]).toEqual(expect.arrayContaining(outcomes.split(' ')));
    expect(explored.outcomes).not.toContain('step-limit');
    expect(explored.longestDocumentBytes).toBeLessThan(4000);
  });
});
