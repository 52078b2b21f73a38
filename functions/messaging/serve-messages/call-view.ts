import type { CallView } from '../../shared/contract/api/calls.ts';
import type { CallIntent, EndedCall } from '../domain/intent.ts';
import type { StatusView } from '../domain/status-report.ts';

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** What a client sees of its call: no number, nothing of what is said. */
export function callView(intent: CallIntent): CallView {
  return {
    id: intent.id,
    state: intent.state,
    ...(intent.status === undefined ? {} : shown(intent.status)),
    ...(intent.sid === undefined ? {} : { callSid: intent.sid }),
    ...(intent.earlierCalls === undefined ? {} : { earlierCalls: intent.earlierCalls.map(earlierCall) }),
    ...(intent.errorCode === undefined ? {} : { errorCode: intent.errorCode }),
    ...(intent.reason === undefined ? {} : { reason: intent.reason }),
    channel: intent.channel,
    flow: intent.flow,
    trafficClass: intent.trafficClass,
    pool: intent.pool,
    attempts: intent.attempt?.number ?? 0,
    correlationId: intent.correlationId,
    ...(intent.tags === undefined ? {} : { tags: [...intent.tags] }),
    createdAt: iso(intent.createdAt),
    updatedAt: iso(intent.updatedAt),
    ...(intent.sendAt === undefined ? {} : { sendAt: iso(intent.sendAt) }),
    deadline: iso(intent.deadline),
  };
}

const shown = ({ state, sipResponseCode }: StatusView) => ({
  status: state,
  ...(sipResponseCode === undefined ? {} : { sipResponseCode }),
});

const earlierCall = ({ sid, status }: EndedCall) => ({ callSid: sid, ...shown(status) });
