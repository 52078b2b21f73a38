import type { AnsweredBy, CallEventName, Hook } from '../../domain/voice/call.ts';
import {
  callParameters,
  callStatusParameters,
  machineDetectionParameters,
} from '../../domain/voice/call-parameters.ts';
import type { Gather } from '../../twiml/voice/verbs.ts';
import { nextOrdinal, type World } from '../world.ts';
import type { LiveCall } from './live-call.ts';
import { planCallback } from './plan-callback.ts';

/** Fires a status callback if the call's StatusCallback subscribed to the event. */
export function reportEvent({ world, record }: LiveCall, event: CallEventName): void {
  const { statusHook } = record;
  if (!statusHook?.events.includes(event)) return;
  const status = event === 'initiated' ? 'initiated' : record.status;
  const params = callStatusParameters(record, { status, sequence: record.sequence, at: world.clock.now() });
  record.sequence += 1;
  planCallback(world, {
    kind: 'call-status',
    accountSid: record.accountSid,
    resourceSid: record.sid,
    callSid: record.sid,
    event: status,
    hook: statusHook,
    params,
    isLast: event === 'completed',
  });
}

interface Detected {
  readonly hook: Hook;
  readonly answeredBy: AnsweredBy;
  readonly durationMs: number;
}

export function reportMachineDetection(
  { world, record }: LiveCall,
  { hook, answeredBy, durationMs }: Detected,
): void {
  planCallback(world, {
    kind: 'machine-detection',
    accountSid: record.accountSid,
    resourceSid: record.sid,
    callSid: record.sid,
    event: answeredBy,
    hook,
    params: machineDetectionParameters(record, answeredBy, durationMs),
  });
}

/** What was understood so far; the answer is ignored. */
export function reportPartialResult({ world, record }: LiveCall, verb: Gather, text: string): void {
  const hook = verb.partialResultCallback;
  if (!hook || !URL.canParse(hook.url)) return;
  planCallback(world, {
    kind: 'partial-result',
    accountSid: record.accountSid,
    resourceSid: record.sid,
    callSid: record.sid,
    event: 'partial',
    hook,
    params: [
      ...callParameters(record),
      ['UnstableSpeechResult', text],
      ['Stability', '0.9'],
      ['SequenceNumber', `${sequenceOf(world, record.sid)}`],
    ],
  });
}

const sequenceOf = (world: World, callSid: string): number => nextOrdinal(world, `partial:${callSid}`) - 1;
