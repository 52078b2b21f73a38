import { createRandom } from '../../domain/random.ts';
import {
  type GatherResult,
  type GatherState,
  type GatherStep,
  gatherDeadline,
  pressKey,
  resultAtDeadline,
  speak,
  startGather,
} from '../../domain/voice/gather.ts';
import { sayingMs } from '../../domain/voice/speaking.ts';
import type { WebhookParameters } from '../../domain/webhook-parameters.ts';
import type { Gather, Prompt } from '../../twiml/voice/verbs.ts';
import { nextOrdinal } from '../world.ts';
import { type LiveCall, next, type Step, startWaiting, stopWaiting } from './live-call.ts';
import { ask } from './person.ts';
import { linkSource, type Place } from './place.ts';
import { promptMs, writePrompt } from './play-prompts.ts';
import { reportPartialResult } from './report-call.ts';
import { type Interrupt, isInterrupt } from './signals.ts';
import { nextSignal } from './wait.ts';

/** Prompts and input at once: a key or a word breaks into the prompts. */
export async function gather(live: LiveCall, verb: Gather, place: Place): Promise<Step> {
  const { clock } = live.world;
  const lengths = verb.prompts.map((prompt) => promptMs(live, prompt));
  const length = lengths.reduce((sum, ms) => sum + ms, 0);
  startWaiting(live, {
    verb: 'Gather',
    promptsEndAt: clock.now() + length,
    input: verb.rules.input,
  });
  const callOff = ask(live, { kind: 'gather', promptMs: length, input: verb.rules.input });
  const outcome = await collect(live, verb, lengths);
  callOff();
  stopWaiting(live);
  if (outcome.kind === 'interrupted') return outcome;
  return stepAfter(live, verb, { result: outcome.result, place });
}

type Collected =
  | { readonly kind: 'interrupted'; readonly by: Interrupt }
  | { readonly kind: 'result'; readonly result: GatherResult };

async function collect(live: LiveCall, verb: Gather, lengths: readonly number[]): Promise<Collected> {
  const since = live.world.clock.now();
  const prompts = plannedPrompts(verb.prompts, lengths, since);
  let state = startGather(since + lengths.reduce((sum, ms) => sum + ms, 0));
  for (;;) {
    const deadline = gatherDeadline(verb.rules, state);
    const starting = prompts[0];
    const until = Math.min(deadline, starting?.at ?? Number.POSITIVE_INFINITY);
    const signal = await nextSignal(live, Number.isFinite(until) ? until : undefined);
    const now = live.world.clock.now();
    if (signal === undefined) {
      if (starting && starting.at <= now) hearNext(live, prompts, state);
      else return { kind: 'result', result: resultAtDeadline(state) };
    } else if (isInterrupt(signal)) {
      cutShort(live, now);
      return { kind: 'interrupted', by: signal };
    } else if (signal.kind === 'keys') {
      const step = pressKeys(verb, state, { digits: signal.digits, at: now });
      if (step.kind === 'done') {
        cutShort(live, now);
        return { kind: 'result', result: step.result };
      }
      state = afterInput(live, { before: state, after: step.state, prompts, now });
    } else if (signal.kind === 'speech') {
      const speech = { text: signal.text, at: now, ms: sayingMs(signal.text) };
      const after = speak(verb.rules, state, speech);
      if (after !== state) reportPartialResult(live, verb, after.words.join(' '));
      state = afterInput(live, { before: state, after, prompts, now });
    }
  }
}

interface PlannedPrompt {
  readonly prompt: Prompt;
  readonly at: number;
  readonly ms: number;
}

function plannedPrompts(
  prompts: readonly Prompt[],
  lengths: readonly number[],
  since: number,
): PlannedPrompt[] {
  let at = since;
  return prompts.map((prompt, index) => {
    const ms = lengths[index] ?? 0;
    const planned = { prompt, at, ms };
    at += ms;
    return planned;
  });
}

function hearNext(live: LiveCall, prompts: PlannedPrompt[], state: GatherState): void {
  const planned = prompts.shift();
  if (planned && planned.at < state.promptsEndAt) writePrompt(live, planned.prompt, planned.ms);
}

function pressKeys(
  verb: Gather,
  state: GatherState,
  { digits, at }: { readonly digits: string; readonly at: number },
): GatherStep {
  let step: GatherStep = { kind: 'waiting', state };
  for (const key of digits) {
    if (step.kind === 'done') break; // What is pressed after the last key is lost (assumption).
    step = pressKey(verb.rules, step.state, key, at);
  }
  return step;
}

interface Change {
  readonly before: GatherState;
  readonly after: GatherState;
  readonly prompts: PlannedPrompt[];
  readonly now: number;
}

/** Whoever breaks in hears no more of the prompts. */
function afterInput(live: LiveCall, { before, after, prompts, now }: Change): GatherState {
  if (after.promptsEndAt < before.promptsEndAt) {
    prompts.length = 0;
    cutShort(live, now);
  }
  return after;
}

function cutShort(live: LiveCall, now: number): void {
  const last = live.record.transcript.findLast((entry) => entry.kind === 'heard');
  if (last?.kind === 'heard') last.ms = Math.min(last.ms, now - last.at);
}

interface Outcome {
  readonly result: GatherResult;
  readonly place: Place;
}

/** Nothing came: the next verb, unless the document wants to know. */
function stepAfter(live: LiveCall, verb: Gather, { result, place }: Outcome): Step {
  if (result.kind === 'empty' && !verb.actionOnEmptyResult) return next;
  const extra = resultParameters(live, result);
  return linkSource(verb.action ?? place.own(verb.method), { place, extra });
}

/** `msg` and `FinishedOnKey` stand in captured requests, though no document names them. */
function resultParameters(live: LiveCall, result: GatherResult): WebhookParameters {
  switch (result.kind) {
    case 'empty':
      return [
        ['msg', 'Gather End'],
        ['Digits', ''],
        ['FinishedOnKey', ''],
      ];
    case 'digits':
      return [
        ['msg', 'Gather End'],
        ['Digits', result.digits],
        ['FinishedOnKey', result.finishedOnKey],
      ];
    case 'speech':
      return [
        ['SpeechResult', result.text],
        ['Confidence', confidence(live)],
        ['Language', 'en-US'],
      ];
  }
}

function confidence({ world, record }: LiveCall): string {
  const random = createRandom(world.state.seed, 'speech', record.sid, nextOrdinal(world, 'speech'));
  return (0.8 + random.next() * 0.19).toFixed(8);
}
