/** A `<Gather>` with its defaults filled in. Times are milliseconds. */
export interface GatherRules {
  readonly input: readonly ('dtmf' | 'speech')[];
  readonly numDigits?: number | undefined;
  /** The empty string: no key ends the input. */
  readonly finishOnKey: string;
  readonly timeoutMs: number;
  readonly speechTimeoutMs: number;
  readonly maxSpeechMs: number;
  readonly bargeIn: boolean;
}

export type GatherResult =
  | { readonly kind: 'digits'; readonly digits: string; readonly finishedOnKey: string }
  | { readonly kind: 'speech'; readonly text: string }
  | { readonly kind: 'empty' };

/** What has come in so far. */
export interface GatherState {
  readonly digits: string;
  /** Words said so far; speech that begins first ends the keys' turn. */
  readonly words: readonly string[];
  /** When the last word is over. */
  readonly speechUntil?: number | undefined;
  readonly speechSince?: number | undefined;
  readonly lastKeyAt?: number | undefined;
  readonly promptsEndAt: number;
}

export const startGather = (promptsEndAt: number): GatherState => ({ digits: '', words: [], promptsEndAt });

export type GatherStep =
  | { readonly kind: 'waiting'; readonly state: GatherState }
  | { readonly kind: 'done'; readonly result: GatherResult };

/** One key: ends the prompts, is kept, or ends the input. Keys are not heard once somebody speaks. */
export function pressKey(rules: GatherRules, state: GatherState, key: string, at: number): GatherStep {
  const ignored = !rules.input.includes('dtmf') || state.words.length > 0;
  if (ignored) return { kind: 'waiting', state };
  if (rules.finishOnKey !== '' && key === rules.finishOnKey) return finish(state.digits, key);
  const digits = state.digits + key;
  if (rules.numDigits !== undefined && digits.length >= rules.numDigits) return finish(digits, '');
  return {
    kind: 'waiting',
    state: { ...state, digits, lastKeyAt: at, promptsEndAt: Math.min(state.promptsEndAt, at) },
  };
}

function finish(digits: string, finishedOnKey: string): GatherStep {
  const result: GatherResult = digits === '' ? { kind: 'empty' } : { kind: 'digits', digits, finishedOnKey };
  return { kind: 'done', result };
}

/** Somebody speaks from `at` on for `ms`; not heard where only keys are asked for, or after the first key. */
export function speak(
  rules: GatherRules,
  state: GatherState,
  speech: { readonly text: string; readonly at: number; readonly ms: number },
): GatherState {
  const early = !rules.bargeIn && speech.at < state.promptsEndAt;
  if (!rules.input.includes('speech') || state.digits !== '' || early) return state;
  return {
    ...state,
    words: [...state.words, speech.text],
    speechSince: state.speechSince ?? speech.at,
    speechUntil: Math.max(state.speechUntil ?? 0, speech.at + speech.ms),
    promptsEndAt: Math.min(state.promptsEndAt, speech.at),
  };
}

/** When the waiting is over if nothing else comes. */
export function gatherDeadline(rules: GatherRules, state: GatherState): number {
  if (state.speechUntil !== undefined && state.speechSince !== undefined) {
    return Math.min(state.speechUntil + rules.speechTimeoutMs, state.speechSince + rules.maxSpeechMs);
  }
  return (state.lastKeyAt ?? state.promptsEndAt) + rules.timeoutMs;
}

/** What is there when the waiting is over. */
export function resultAtDeadline(state: GatherState): GatherResult {
  if (state.words.length > 0) return { kind: 'speech', text: state.words.join(' ') };
  return state.digits === ''
    ? { kind: 'empty' }
    : { kind: 'digits', digits: state.digits, finishedOnKey: '' };
}
