import { rfc2822 } from '../render-message.ts';
import type { WebhookParameters } from '../webhook-parameters.ts';

export interface QueueMember {
  readonly callSid: string;
  readonly enqueuedAt: number;
}

/** A Queue as the simulated Twilio keeps it: first in, first out. Instants are milliseconds since 1970. */
export interface QueueRecord {
  readonly sid: string;
  readonly accountSid: string;
  friendlyName: string;
  maxSize: number;
  readonly createdAt: number;
  updatedAt: number;
  members: readonly QueueMember[];
  /** Of those who have left. */
  waits: { readonly count: number; readonly totalMs: number };
}

/** The documentation says 1000 and at most 5000. */
export const defaultQueueSize = 1000;
export const largestQueueSize = 5000;

export type QueueResult =
  | 'bridged'
  | 'bridging-in-process'
  | 'error'
  | 'hangup'
  | 'leave'
  | 'redirected'
  | 'redirected-from-bridged'
  | 'queue-full'
  | 'system-error';

export const averageWaitSeconds = ({ waits }: QueueRecord): number =>
  waits.count === 0 ? 0 : Math.round(waits.totalMs / waits.count / 1000);

export const positionOf = (queue: QueueRecord, callSid: string): number =>
  queue.members.findIndex((member) => member.callSid === callSid) + 1;

const waitedSeconds = (member: QueueMember, now: number) => Math.floor((now - member.enqueuedAt) / 1000);

/** What a waitUrl is told each time. https://www.twilio.com/docs/voice/twiml/enqueue */
export function waitParameters(queue: QueueRecord, member: QueueMember, now: number): WebhookParameters {
  return [
    ['QueuePosition', `${positionOf(queue, member.callSid)}`],
    ['QueueSid', queue.sid],
    ['QueueTime', `${waitedSeconds(member, now)}`],
    ['AvgQueueTime', `${averageWaitSeconds(queue)}`],
    ['CurrentQueueSize', `${queue.members.length}`],
    ['MaxQueueSize', `${queue.maxSize}`],
  ];
}

/** What the action is told; SID and time only where the call was in a queue. */
export function queueActionParameters(
  result: QueueResult,
  stay?: { readonly queue: QueueRecord; readonly member: QueueMember; readonly now: number },
): WebhookParameters {
  if (!stay) return [['QueueResult', result]];
  return [
    ['QueueResult', result],
    ['QueueSid', stay.queue.sid],
    ['QueueTime', `${waitedSeconds(stay.member, stay.now)}`],
  ];
}

/** What the whisper of `<Dial><Queue url>` is told; the name has one n fewer than the word. */
export const dequeueParameters = (
  queue: QueueRecord,
  member: QueueMember,
  by: { readonly callSid: string; readonly now: number },
): WebhookParameters => [
  ['QueueSid', queue.sid],
  ['QueueTime', `${waitedSeconds(member, by.now)}`],
  ['DequeingCallSid', by.callSid],
];

export function renderQueue(queue: QueueRecord): Record<string, unknown> {
  const uri = `/2010-04-01/Accounts/${queue.accountSid}/Queues/${queue.sid}`;
  return {
    account_sid: queue.accountSid,
    average_wait_time: averageWaitSeconds(queue),
    current_size: queue.members.length,
    date_created: rfc2822(queue.createdAt),
    date_updated: rfc2822(queue.updatedAt),
    friendly_name: queue.friendlyName,
    max_size: queue.maxSize,
    sid: queue.sid,
    uri: `${uri}.json`,
  };
}

export function renderMember(queue: QueueRecord, member: QueueMember, now: number): Record<string, unknown> {
  return {
    call_sid: member.callSid,
    date_enqueued: rfc2822(member.enqueuedAt),
    position: positionOf(queue, member.callSid),
    queue_sid: queue.sid,
    uri: `/2010-04-01/Accounts/${queue.accountSid}/Queues/${queue.sid}/Members/${member.callSid}.json`,
    wait_time: waitedSeconds(member, now),
  };
}
