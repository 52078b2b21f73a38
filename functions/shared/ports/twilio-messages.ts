import type { CreateMessageOutcome, CreateMessageRequest } from '../../messaging/domain/post.ts';

export type { CreateMessageOutcome, CreateMessageRequest };

export interface TwilioMessages {
  /** Exactly one request, never repeated. Does not throw for anything that the network or Twilio does. */
  create(request: CreateMessageRequest): Promise<CreateMessageOutcome>;
}
