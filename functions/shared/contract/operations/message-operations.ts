import { AcceptedMessage, MessageView, SendMessageRequest } from '../api/messages.ts';
import type { Operation } from './operation.ts';

export const MESSAGE_OPERATIONS = {
  sendMessage: {
    summary: 'Send one message, exactly once per Idempotency-Key',
    request: SendMessageRequest,
    success: 202,
    response: AcceptedMessage,
    problems: [400, 401, 403, 409, 413, 415, 422, 503],
    isMutation: true,
  },
  readMessage: {
    summary: 'What became of a message',
    success: 200,
    response: MessageView,
    problems: [401, 403, 404, 503],
  },
  cancelMessage: {
    summary: 'Take a message back that has not been sent',
    success: 200,
    response: MessageView,
    problems: [400, 401, 403, 404, 409, 503],
    isMutation: true,
  },
} as const satisfies Record<string, Operation>;
