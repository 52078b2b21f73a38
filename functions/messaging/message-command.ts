import { SendMessageRequest } from '../shared/contract/api/messages.ts';
import { fieldErrors } from '../shared/runtime/http/problem.ts';
import type { FieldProblem, RequestMessage } from './request-message.ts';

export type ReadMessageCommand =
  | { readonly kind: 'read'; readonly command: Omit<RequestMessage, 'clientId' | 'idempotencyKey'> }
  | { readonly kind: 'refused'; readonly problems: readonly FieldProblem[] };

/** The body of a POST /v1/messages, or of one recipient of a batch, as the use case takes it. */
export function readMessageCommand(body: unknown): ReadMessageCommand {
  const parsed = SendMessageRequest.safeParse(body);
  return parsed.success ? commandOf(parsed.data) : { kind: 'refused', problems: fieldErrors(parsed.error) };
}

export function commandOf({
  template,
  sendAt,
  deadline,
  ...message
}: SendMessageRequest): ReadMessageCommand {
  if (template !== undefined) return { kind: 'refused', problems: [UNKNOWN_TEMPLATE] };
  return {
    kind: 'read',
    command: {
      ...message,
      ...(sendAt === undefined ? {} : { sendAt: Date.parse(sendAt) }),
      ...(deadline === undefined ? {} : { deadline: Date.parse(deadline) }),
    },
  };
}

const UNKNOWN_TEMPLATE = { pointer: '/template/name', detail: 'names no template of the catalogue' };
