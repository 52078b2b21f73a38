import { AcceptedCall, CallView, PlaceCallRequest } from '../api/calls.ts';
import type { Operation } from './operation.ts';

export const CALL_OPERATIONS = {
  placeCall: {
    summary: 'Place one call into a flow, exactly once per Idempotency-Key',
    request: PlaceCallRequest,
    success: 202,
    response: AcceptedCall,
    problems: [400, 401, 403, 409, 413, 415, 422, 503],
    isMutation: true,
  },
  readCall: {
    summary: 'What became of a call',
    success: 200,
    response: CallView,
    problems: [401, 403, 404, 503],
  },
  cancelCall: {
    summary: 'Take a call back that nobody has answered',
    success: 200,
    response: CallView,
    problems: [400, 401, 403, 404, 409, 503],
    isMutation: true,
  },
} as const satisfies Record<string, Operation>;
