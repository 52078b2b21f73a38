import { rfc2822 } from '../render-message.ts';
import type { WebhookParameters } from '../webhook-parameters.ts';
import { type AnsweredBy, type CallRecord, type CallStatus, durationSeconds } from './call.ts';

/** Field set and order of captured voice webhooks; geography is empty and +1 counts as US. */
export function callParameters(call: CallRecord, status: CallStatus | 'initiated' = call.status) {
  return defined([
    ['Called', call.to],
    ['ToState', ''],
    ['CallerCountry', country(call.from)],
    ['Direction', call.direction],
    ['CallerState', ''],
    ['ToZip', ''],
    ['CallSid', call.sid],
    ['To', call.to],
    ['CallerZip', ''],
    ['ToCountry', country(call.to)],
    ['CalledZip', ''],
    ['ApiVersion', '2010-04-01'],
    ['CalledCity', ''],
    ['CallStatus', status],
    ['From', call.from],
    ['AccountSid', call.accountSid],
    ['ParentCallSid', call.parentCallSid],
    ['ForwardedFrom', call.forwardedFrom],
    ['AnsweredBy', call.answeredBy ?? undefined],
    ['CalledCountry', country(call.to)],
    ['CallerCity', ''],
    ['ToCity', ''],
    ['FromCountry', country(call.from)],
    ['Caller', call.from],
    ['FromCity', ''],
    ['CalledState', ''],
    ['FromZip', ''],
    ['FromState', ''],
  ]);
}

const country = (address: string): string => (/^\+1\d{10}$/.test(address) ? 'US' : '');

export interface CallEvent {
  readonly status: CallStatus | 'initiated';
  readonly sequence: number;
  readonly at: number;
}

/** A status callback: `Duration` in minutes and `CallDuration` in seconds, with the last event alone. */
export function callStatusParameters(call: CallRecord, event: CallEvent): WebhookParameters {
  const last = call.endedAt !== null;
  const seconds = durationSeconds(call);
  return [
    ...callParameters(call, event.status),
    ...defined([
      ['Timestamp', rfc2822(event.at)],
      ['CallbackSource', 'call-progress-events'],
      ['SequenceNumber', `${event.sequence}`],
      ['SipResponseCode', last ? call.sipResponseCode?.toString() : undefined],
      ['Duration', last ? `${Math.ceil(seconds / 60)}` : undefined],
      ['CallDuration', last ? `${seconds}` : undefined],
    ]),
  ];
}

/** What asynchronous answering-machine detection tells its callback. */
export const machineDetectionParameters = (
  call: CallRecord,
  answeredBy: AnsweredBy,
  durationMs: number,
): WebhookParameters => [
  ['CallSid', call.sid],
  ['AccountSid', call.accountSid],
  ['AnsweredBy', answeredBy],
  ['MachineDetectionDuration', `${durationMs}`],
];

export function defined(
  pairs: readonly (readonly [string, string | undefined])[],
): (readonly [string, string])[] {
  return pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}
