import type { ScriptStep } from '../../domain/voice/phone-behaviour.ts';
import type { LiveCall } from './live-call.ts';

/** What a call asks of whoever is on the phone. */
export interface Question {
  readonly kind: 'gather' | 'record' | 'queue' | 'bridge';
  readonly callSid: string;
  /** How long the prompts are that come with it, in milliseconds. */
  readonly promptMs: number;
  /** What was heard in the call so far, oldest first. */
  readonly heard: readonly string[];
  readonly input?: readonly ('dtmf' | 'speech')[] | undefined;
}

/** What a person does about it, so many milliseconds after the question began. */
export interface Reaction {
  readonly afterMs: number;
  readonly keys?: string | undefined;
  readonly speech?: string | undefined;
  readonly hangUp?: boolean | undefined;
}

/** Somebody on a phone. Undefined: silence. */
export interface Person {
  reactTo(question: Question): Reaction | undefined;
}

const reactionMs = 500;

/** Does one step of the script for each question that the step fits; silent when the script is at its end. */
export function scriptedPerson(script: readonly ScriptStep[]): Person {
  let position = 0;
  return {
    reactTo(question) {
      const step = script[position];
      if (!step || (step.on !== undefined && step.on !== question.kind)) return undefined;
      position += 1;
      return {
        afterMs: step.afterMs ?? question.promptMs + reactionMs,
        keys: step.keys,
        speech: step.speech,
        hangUp: step.hangUp,
      };
    },
  };
}

/** Puts the question; what the person wants to do is called off by the returned function when it comes too late. */
export function ask(live: LiveCall, question: Omit<Question, 'callSid' | 'heard'>): () => void {
  const { world, record, strand, person } = live;
  const reaction = person.reactTo({
    ...question,
    callSid: record.sid,
    heard: record.transcript.flatMap((entry) => (entry.kind === 'heard' ? [entry.text] : [])),
  });
  if (!reaction) return () => {};
  return world.clock.schedule(world.clock.now() + reaction.afterMs, async () => {
    if (reaction.keys !== undefined) strand.send({ kind: 'keys', digits: reaction.keys });
    if (reaction.speech !== undefined) strand.send({ kind: 'speech', text: reaction.speech });
    if (reaction.hangUp) strand.send({ kind: 'hung-up' });
  });
}
