import type { MessageView } from '../../shared/contract/api/messages.ts';
import { errorPolicyOf } from '../../shared/contract/error-policy.ts';
import type { MessageIntent } from '../domain/intent.ts';

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** What a client sees of its message: no number, no body. */
export function messageView(intent: MessageIntent): MessageView {
  const errorCode = intent.status?.errorCode ?? intent.errorCode;
  return {
    id: intent.id,
    state: intent.state,
    ...(intent.status === undefined ? {} : { status: intent.status.state }),
    ...(intent.sid === undefined ? {} : { messageSid: intent.sid }),
    ...(errorCode === undefined ? {} : { errorCode, ...adviceOn(errorCode) }),
    ...(intent.reason === undefined ? {} : { reason: intent.reason }),
    channel: intent.channel,
    trafficClass: intent.trafficClass,
    pool: intent.pool,
    ...(intent.campaign === undefined ? {} : { campaign: intent.campaign }),
    ...(intent.size ?? {}),
    attempts: intent.attempt?.number ?? 0,
    correlationId: intent.correlationId,
    ...(intent.tags === undefined ? {} : { tags: [...intent.tags] }),
    createdAt: iso(intent.createdAt),
    updatedAt: iso(intent.updatedAt),
    ...(intent.sendAt === undefined ? {} : { sendAt: iso(intent.sendAt) }),
    deadline: iso(intent.deadline),
  };
}

const adviceOn = (code: number) => {
  const { meaning, nextAction } = errorPolicyOf(code);
  return { meaning, nextAction };
};
