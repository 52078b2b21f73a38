import { createRandom, type Random } from './domain/random.ts';
import type { Person, Question, Reaction } from './engine/voice/person.ts';

/** How a person of chance behaves; rates lie between 0 and 1, and what is left over is an answer. */
export interface Habits {
  /** Says and presses nothing. @default 0.1 */
  readonly silence?: number | undefined;
  /** Hangs up instead of answering. @default 0.05 */
  readonly hangUp?: number | undefined;
  /** Breaks into the prompts. @default 0.3 */
  readonly impatience?: number | undefined;
  /** Keys that an answer is drawn from. @default all twelve */
  readonly keys?: readonly string[] | undefined;
  readonly phrases?: readonly string[] | undefined;
}

const allKeys = [...'1234567890*#'];
const somePhrases = ['yes', 'no', 'an agent please', 'opening hours', 'What did you say?', 'ja bitte', '…'];

/** Somebody who does anything at all, the same thing in every run with the same seed. */
export function randomPerson(habits: Habits, ...seed: readonly (string | number)[]): Person {
  const random = createRandom('person', ...seed);
  return { reactTo: (question) => react(question, habits, random) };
}

function react(question: Question, habits: Habits, random: Random): Reaction | undefined {
  const { silence = 0.1, hangUp = 0.05, impatience = 0.3 } = habits;
  const afterMs = random.chance(impatience)
    ? random.between(0, Math.max(0, finite(question.promptMs)))
    : finite(question.promptMs) + random.between(100, 4000);
  switch (question.kind) {
    case 'gather':
      if (random.chance(silence)) return undefined;
      if (random.chance(hangUp)) return { afterMs, hangUp: true };
      return answer(question, { habits, random, afterMs });
    case 'record':
      if (random.chance(silence)) return undefined;
      return random.chance(hangUp)
        ? { afterMs, hangUp: true }
        : { afterMs, speech: pick(habits.phrases ?? somePhrases, random) };
    case 'queue':
      return { afterMs: random.between(1000, 600_000), hangUp: true };
    case 'bridge':
      return { afterMs: random.between(1000, 300_000), hangUp: true };
  }
}

interface Answering {
  readonly habits: Habits;
  readonly random: Random;
  readonly afterMs: number;
}

function answer({ input = ['dtmf'] }: Question, { habits, random, afterMs }: Answering): Reaction {
  const speaks = input.includes('speech') && (!input.includes('dtmf') || random.chance(0.5));
  if (speaks) return { afterMs, speech: pick(habits.phrases ?? somePhrases, random) };
  return { afterMs, keys: pick(habits.keys ?? allKeys, random) };
}

const pick = (from: readonly string[], random: Random): string =>
  from[random.between(0, from.length - 1)] ?? '1';

const finite = (ms: number): number => (Number.isFinite(ms) ? ms : 60_000);
