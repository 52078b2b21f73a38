import type { StepInput } from './call-state.ts';
import type { Waiting } from './wait.ts';

type Fields = ReadonlyMap<string, readonly string[]>;

/** CallStatus values after which nobody listens any more (Twilio: Call status values). */
const OVER: ReadonlySet<string> = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

/** Longer speech is cut: no flow compares that much, and the item has to hold it. */
const MOST_CHARACTERS = 1000;

const only = (fields: Fields, name: string): string | undefined => fields.get(name)?.[0];

/** What a step's webhook says, in the interpreter's words. */
export const readStepInput = (fields: Fields): StepInput => {
  const recorded = only(fields, 'RecordingDuration');
  return {
    isOver: OVER.has(only(fields, 'CallStatus') ?? ''),
    ...named('digits', only(fields, 'Digits')?.slice(0, MOST_CHARACTERS)),
    ...named('speech', only(fields, 'SpeechResult')?.slice(0, MOST_CHARACTERS)),
    ...named('dialStatus', only(fields, 'DialCallStatus')),
    ...named('queueResult', only(fields, 'QueueResult')),
    ...(recorded !== undefined && { recordedSeconds: Number(recorded) }),
  };
};

export const readWaiting = (fields: Fields): Waiting => ({
  queueTime: Number(only(fields, 'QueueTime') ?? 0),
  position: Number(only(fields, 'QueuePosition') ?? 1),
});

/** Who picked up, where Twilio found out before it asked (AnsweredBy of answering machine detection). */
export const answeredBy = (fields: Fields): 'human' | 'machine' | 'unknown' | undefined => {
  const word = only(fields, 'AnsweredBy');
  if (word === undefined || word === '') return undefined;
  if (word === 'human') return 'human';
  return word.startsWith('machine') || word === 'fax' ? 'machine' : 'unknown';
};

/** What brought a call to its next state, as a word for the timeline; never with what. */
export const describeInput = (input: StepInput) => {
  if (input.isOver) return { on: 'hang-up' } as const;
  if (input.dialStatus !== undefined) return { on: 'dial', result: input.dialStatus } as const;
  if (input.queueResult !== undefined) return { on: 'queue', result: input.queueResult } as const;
  if (input.recordedSeconds !== undefined) return { on: 'recording' } as const;
  if (input.digits !== undefined && input.digits !== '')
    return { on: 'keys', keyPresses: [...input.digits].length } as const;
  if (input.speech !== undefined && input.speech !== '') return { on: 'speech' } as const;
  return { on: 'silence' } as const;
};

const named = <Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [N in Name]?: string } => {
  const entry: { [N in Name]?: string } = {};
  if (value !== undefined) entry[name] = value;
  return entry;
};
