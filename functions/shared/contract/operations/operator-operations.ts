import { MessageView } from '../api/messages.ts';
import { ChangePauseRequest, ParkedDecisionRequest, ParkedView, PausesView } from '../api/operations.ts';
import type { Operation } from './operation.ts';

export const OPERATOR_OPERATIONS = {
  listParked: {
    summary: 'Messages whose outcome stayed unknown and which wait for an operator',
    success: 200,
    response: ParkedView,
    problems: [400, 401, 403, 503],
    query: [
      { name: 'limit', description: 'Messages a page, 1 to 100; 50 by default.' },
      { name: 'after', description: '`next` of the page before.' },
    ],
  },
  decideParked: {
    summary: 'Send a parked message again, or give it up',
    request: ParkedDecisionRequest,
    success: 200,
    response: MessageView,
    problems: [400, 401, 403, 404, 409, 413, 415, 422, 503],
    isMutation: true,
  },
  readPauses: {
    summary: 'What operators have stopped',
    success: 200,
    response: PausesView,
    problems: [401, 403, 503],
  },
  changePause: {
    summary: 'Pause, freeze or resume sending: everything, a traffic class, a pool or a campaign',
    request: ChangePauseRequest,
    success: 200,
    response: PausesView,
    problems: [400, 401, 403, 409, 413, 415, 422, 503],
    isMutation: true,
  },
} as const satisfies Record<string, Operation>;
