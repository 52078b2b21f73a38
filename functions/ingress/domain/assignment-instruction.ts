import { webhookUrl } from '../../shared/contract/webhook-urls.ts';
import { type Fields, only } from './claim-parts.ts';
import type { JsonObject } from './json.ts';

/** Instruction documents as TaskRouter reads them, by WorkflowSid; `*` for all other workflows. */
export type TaskInstructions = ReadonlyMap<string, JsonObject>;

/** No instruction: TaskRouter waits for somebody to decide over its API, within the reservation's own time (error 40005). */
const DECIDED_LATER: JsonObject = {};

const CALL_EVENTS = 'initiated,ringing,answered,completed';

/**
 * What becomes of a reservation: the instruction of its workflow. Where it calls an agent, the agent's leg reports its
 * progress to us like any other call.
 */
export const assignmentInstruction = (
  fields: Fields,
  instructions: TaskInstructions,
  hooks: { readonly hooksOrigin: string; readonly accountSid: string },
): string => {
  const document =
    instructions.get(only(fields, 'WorkflowSid')) ?? instructions.get(ANY_WORKFLOW) ?? DECIDED_LATER;
  return JSON.stringify(
    document.instruction === 'dequeue'
      ? {
          ...document,
          status_callback_url: webhookUrl(hooks.hooksOrigin, 'callStatus', hooks),
          status_callback_events: CALL_EVENTS,
        }
      : document,
  );
};

const ANY_WORKFLOW = '*';
