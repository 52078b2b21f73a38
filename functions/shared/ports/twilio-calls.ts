import type { CreateCallRequest, PostOutcome } from '../../messaging/domain/post.ts';

export type { CreateCallRequest, PostOutcome };

export interface TwilioCalls {
  /** Exactly one request, never repeated. Does not throw for anything that the network or Twilio does. */
  create(request: CreateCallRequest): Promise<PostOutcome>;
}
