import type { EnqueueState, FlowPackage } from '../../shared/contract/flows/flow.ts';
import type { CallState } from './call-state.ts';
import { placeOf } from './enter.ts';
import { speak } from './speak.ts';
import type { Verb } from './verbs.ts';

/** What Twilio tells a wait URL (Enqueue reference); numbers it did not send count as nothing. */
export interface Waiting {
  /** Seconds in the queue. */
  readonly queueTime: number;
  /** Place in the queue, from 1. */
  readonly position: number;
}

/**
 * The next round for who waits in a queue, or the whisper to who answers a dialled call: read-only, so it may be asked
 * for as often as Twilio likes. A round never lasts beyond the longest wait.
 * @returns undefined where the call is not in such a state (any more)
 */
export const waitingVerbs = (
  flows: FlowPackage,
  call: CallState,
  waiting: Waiting,
): readonly Verb[] | undefined => {
  if (call.outcome !== undefined) return undefined;
  const { flow, state } = placeOf(flows, call);
  if (state.kind === 'dial' && state.whisper !== undefined) return speak(state.whisper, flow, call.values);
  if (state.kind !== 'enqueue') return undefined;
  const remaining = state.maximumWaitSeconds - waiting.queueTime;
  if (remaining <= 0) return [{ verb: 'leave' }];
  const values = { ...call.values, position: String(Math.max(1, waiting.position)) };
  return [...speak(state.wait.prompt, flow, values), ...untilNextRound(state, remaining)];
};

/** Twilio asks anew when the document ends, so a round is as long as it may be. */
const untilNextRound = ({ wait }: EnqueueState<string>, remaining: number): readonly Verb[] => {
  const length = Math.max(1, Math.min(wait.everySeconds, Math.ceil(remaining)));
  const isLastRound = remaining <= wait.everySeconds;
  if (wait.music !== undefined && !isLastRound) return [{ verb: 'play', url: wait.music }];
  return isLastRound ? [{ verb: 'pause', length }, { verb: 'leave' }] : [{ verb: 'pause', length }];
};
