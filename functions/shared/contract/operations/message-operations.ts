import {
  AcceptedMessage,
  MessageDecision,
  MessageView,
  RescheduleMessageRequest,
  SendMessageRequest,
} from '../api/messages.ts';
import type { Operation } from './operation.ts';

export const MESSAGE_OPERATIONS = {
  sendMessage: {
    summary: 'Send one message, exactly once per Idempotency-Key',
    request: SendMessageRequest,
    success: 202,
    response: AcceptedMessage,
    other: {
      status: 200,
      description:
        'dryRun=true: what the gate would decide; nothing is written, and the key is neither read nor kept',
      response: MessageDecision,
    },
    problems: [400, 401, 403, 409, 413, 415, 422, 503],
    isMutation: true,
    query: [
      { name: 'dryRun', description: 'true: explain the decision, send nothing; needs no Idempotency-Key.' },
    ],
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
  rescheduleMessage: {
    summary: 'Another time for a message that has not been sent',
    request: RescheduleMessageRequest,
    success: 200,
    response: MessageView,
    problems: [400, 401, 403, 404, 409, 413, 415, 422, 503],
    isMutation: true,
  },
} as const satisfies Record<string, Operation>;
