import { webhookUrl } from '../../shared/contract/webhook-urls.ts';
import type { CreateCallRequest } from '../../shared/ports/twilio-calls.ts';
import type { CreateMessageRequest } from '../../shared/ports/twilio-messages.ts';
import { channelAddress } from '../domain/channel-address.ts';
import type { Attempt, CallIntent, MessageIntent } from '../domain/intent.ts';
import { canBeScheduled } from '../domain/scheduling.ts';

/** Twilio takes 1 to 36,000 s; below five it recommends nothing. */
const MINIMUM_VALIDITY_SECONDS = 5;

/** The POST of a message's attempt: its token in the StatusCallback path, its life bounded by the deadline and by the legal hours. */
export function describeMessagePost(
  intent: MessageIntent,
  attempt: Attempt,
  hooksOrigin: string,
  now: number,
): CreateMessageRequest {
  const sendAt = scheduleOf(intent, now);
  const end = Math.min(intent.deadline, intent.legalUntil ?? intent.deadline);
  const untilEnd = Math.floor((end - (sendAt ?? now)) / 1000);
  return {
    accountSid: intent.accountSid,
    to: channelAddress(intent.channel, intent.to ?? ''),
    messagingServiceSid: intent.messagingServiceSid,
    ...(intent.body === undefined ? {} : { body: intent.body }),
    ...(intent.mediaUrls === undefined ? {} : { mediaUrls: intent.mediaUrls }),
    statusCallback: webhookUrl(hooksOrigin, 'messageStatusOfAttempt', {
      accountSid: intent.accountSid,
      token: attempt.token,
    }),
    ...(sendAt === undefined ? {} : { sendAt: new Date(sendAt).toISOString() }),
    validityPeriod: Math.max(MINIMUM_VALIDITY_SECONDS, Math.min(untilEnd, intent.validitySeconds)),
  };
}

const scheduleOf = ({ sendAt }: MessageIntent, now: number): number | undefined =>
  sendAt !== undefined && canBeScheduled(sendAt, now) ? sendAt : undefined;

/** Where Twilio asks how a call goes on: us, and where we do not answer, a document that stands elsewhere. */
export interface CallOrigins {
  readonly hooksOrigin: string;
  readonly callFallbackUrl?: string;
}

/** The POST of a call's attempt: its token in the path of every URL that Twilio is given. */
export function describeCallPost(
  intent: CallIntent,
  { token }: Attempt,
  { hooksOrigin, callFallbackUrl }: CallOrigins,
): CreateCallRequest {
  const { accountSid } = intent;
  const urlOf = (route: 'callStep' | 'callStatusOfAttempt' | 'machineDetection'): string =>
    webhookUrl(hooksOrigin, route, { accountSid, token });
  return {
    accountSid,
    to: intent.to ?? '',
    from: intent.from,
    url: urlOf('callStep'),
    ...(callFallbackUrl === undefined ? {} : { fallbackUrl: callFallbackUrl }),
    statusCallback: urlOf('callStatusOfAttempt'),
    timeoutSeconds: intent.ringSeconds,
    ...(intent.machineDetection === undefined
      ? {}
      : {
          machineDetection: {
            mode: MACHINE_DETECTION[intent.machineDetection],
            ...(intent.machineDetection === 'background' ? { callback: urlOf('machineDetection') } : {}),
          },
        }),
  };
}

const MACHINE_DETECTION = {
  detect: 'Enable',
  'message-end': 'DetectMessageEnd',
  background: 'Enable',
} as const;
