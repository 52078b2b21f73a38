import type { CallRecord } from '../../domain/voice/call.ts';
import type { World } from '../../engine/world.ts';
import type { HowAnswered } from '../../state/simulator-state.ts';
import type { CallCreateEntry, VoiceCallbackEntry, VoiceRequestEntry } from '../../state/voice-state.ts';

interface LedgerCall extends Omit<CallRecord, 'plan'> {
  /** How the create was answered; null for calls that nobody created by API. */
  readonly answered: HowAnswered | null;
  /** The client was told the SID: the answer was a whole 201. */
  readonly knownToClient: boolean;
  /** It ended in Twilio's own error voice. */
  readonly deadEnd: boolean;
}

/** The truth about every call, whatever anybody was told. Instants are milliseconds since 1970. */
export interface VoiceLedger {
  readonly seed: string | number;
  readonly now: number;
  readonly calls: readonly LedgerCall[];
  readonly creates: readonly CallCreateEntry[];
  readonly requests: readonly VoiceRequestEntry[];
  readonly callbacks: readonly VoiceCallbackEntry[];
  readonly deadEnds: readonly string[];
}

/** A copy, of one call only where a SID is given. */
export function voiceLedgerOf(world: World, callSid?: string): VoiceLedger {
  const { state } = world;
  const wanted = (sid: string | undefined) => callSid === undefined || sid === callSid;
  const creates = state.voice.creates.filter((create) => wanted(create.callSid));
  const createOf = new Map(creates.map((create) => [create.callSid, create]));
  const calls = Object.values(state.voice.calls)
    .filter(({ sid }) => wanted(sid))
    .map((call) => entryOf(call, createOf.get(call.sid)));
  return structuredClone({
    seed: state.seed,
    now: world.clock.now(),
    calls,
    creates,
    requests: Object.values(state.voice.requests)
      .flat()
      .filter((request) => wanted(request.callSid)),
    callbacks: Object.values(state.voice.callbacks).filter((callback) => wanted(callback.callSid)),
    deadEnds: calls.filter(({ deadEnd }) => deadEnd).map(({ sid }) => sid),
  });
}

function entryOf({ plan: _, ...call }: CallRecord, create: CallCreateEntry | undefined): LedgerCall {
  const answered = create?.answered ?? null;
  const whole = answered !== null && typeof answered === 'object' && answered.status === 201;
  return {
    ...call,
    answered,
    knownToClient: whole && create?.fault !== 'rubbish2xx',
    deadEnd: call.end === 'application-error',
  };
}
