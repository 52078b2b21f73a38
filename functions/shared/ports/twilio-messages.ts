import type { CreateMessageRequest, PostOutcome } from '../../messaging/domain/post.ts';

export type { CreateMessageRequest, PostOutcome };

export interface TwilioMessages {
  /** Exactly one request, never repeated. Does not throw for anything that the network or Twilio does. */
  create(request: CreateMessageRequest): Promise<PostOutcome>;
}
