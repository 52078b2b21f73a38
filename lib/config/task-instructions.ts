import * as z from 'zod';

const sid = (prefix: string) => z.string().regex(new RegExp(`^${prefix}[0-9a-f]{32}$`));
const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/, { error: 'must be a number in E.164' });
const activitySid = sid('WA');

/** TaskRouter rings an agent for 1 to 300 s. */
const timeoutSeconds = z.int().min(1).max(300);

/**
 * What TaskRouter is told when it has reserved an agent for a call: at once, from here, never from a queue, for it waits 5 s
 * (https://www.twilio.com/docs/taskrouter/handle-assignment-callbacks). `later`: the agents' own desktop decides.
 */
const Instruction = z.discriminatedUnion('instruction', [
  z.strictObject({ instruction: z.literal('accept') }),
  z.strictObject({ instruction: z.literal('reject'), activitySid: activitySid.optional() }),
  z.strictObject({
    instruction: z.literal('dequeue'),
    /** Caller id that the agent sees. */
    from: e164.optional(),
    timeoutSeconds: timeoutSeconds.optional(),
    postWorkActivitySid: activitySid.optional(),
  }),
  z.strictObject({
    instruction: z.literal('conference'),
    from: e164.optional(),
    timeoutSeconds: timeoutSeconds.optional(),
    postWorkActivitySid: activitySid.optional(),
    endConferenceOnAgentExit: z.boolean().default(true),
  }),
  z.strictObject({ instruction: z.literal('later') }),
]);
type Instruction = z.infer<typeof Instruction>;

export const TaskRouterConfiguration = z.strictObject({
  workflows: z
    .array(z.strictObject({ workflowSid: sid('WW'), assign: Instruction }))
    .refine(
      (workflows) => new Set(workflows.map(({ workflowSid }) => workflowSid)).size === workflows.length,
      {
        error: 'names a workflow twice',
      },
    )
    .default([]),
  otherWorkflows: Instruction.default({ instruction: 'later' }),
});
export type TaskRouterConfiguration = z.infer<typeof TaskRouterConfiguration>;

/** The instruction documents as TaskRouter reads them, by WorkflowSid; `*` for all other workflows. */
export const taskInstructions = ({ workflows, otherWorkflows }: TaskRouterConfiguration): string =>
  JSON.stringify({
    ...Object.fromEntries(workflows.map(({ workflowSid, assign }) => [workflowSid, documentOf(assign)])),
    '*': documentOf(otherWorkflows),
  });

/** Absent values are left out by JSON. */
function documentOf(assign: Instruction): object {
  switch (assign.instruction) {
    case 'later':
      return {};
    case 'accept':
      return { instruction: 'accept' };
    case 'reject':
      return { instruction: 'reject', activity_sid: assign.activitySid };
    case 'dequeue':
      return {
        instruction: 'dequeue',
        from: assign.from,
        timeout: assign.timeoutSeconds,
        post_work_activity_sid: assign.postWorkActivitySid,
      };
    case 'conference':
      return {
        instruction: 'conference',
        from: assign.from,
        timeout: assign.timeoutSeconds,
        post_work_activity_sid: assign.postWorkActivitySid,
        end_conference_on_exit: assign.endConferenceOnAgentExit,
      };
    default:
      return assign satisfies never;
  }
}
