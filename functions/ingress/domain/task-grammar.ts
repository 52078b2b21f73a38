import {
  checkFields,
  type FieldGrammar,
  type GrammarVerdict,
  reshaped,
  SOUND,
} from '../../shared/twilio/field-grammar.ts';
import {
  ACCOUNT_SID,
  ACTIVITY_SID,
  ANY_SID,
  CALL_SID,
  CALL_TIME,
  EVENT_SID,
  orEmpty,
  RESERVATION_SID,
  TASK_CHANNEL_SID,
  TASK_QUEUE_SID,
  TASK_SID,
  TEXT,
  WORD,
  WORKER_SID,
  WORKFLOW_SID,
  WORKSPACE_SID,
} from '../../shared/twilio/field-patterns.ts';
import { isJsonObject, parseJson } from './json.ts';

type Fields = ReadonlyMap<string, readonly string[]>;

/** Names that people chose, and attributes that they filled: never looked at but for one SID. */
const FREE_TEXT = [
  ...['EventDescription', 'WorkspaceName', 'WorkflowName', 'WorkflowFilterName', 'TaskQueueName'],
  ...['WorkerName', 'WorkerActivityName', 'WorkerPreviousActivityName', 'WorkerAttributes'],
  ...['TaskAttributes', 'TaskReEvaluatedReason', 'TaskCanceledReason', 'TaskCompletedReason', 'Reason'],
  ...['TaskChannelUniqueName', 'TaskQueueTargetExpression', 'TaskAddOns', 'AddOns'],
];

const KNOWN: ReadonlyMap<string, RegExp> = new Map<string, RegExp>([
  ...FREE_TEXT.map((name) => [name, TEXT] as const),
  ['AccountSid', ACCOUNT_SID],
  ['Sid', EVENT_SID],
  ['EventType', /^(?=.{1,64}$)[a-z]+(?:-[a-z]+)*(?:\.[a-z-]+)+$/],
  ['ResourceType', /^[A-Za-z-]{0,32}$/],
  ['ResourceSid', orEmpty(ANY_SID)],
  ['Timestamp', CALL_TIME],
  ['TimestampMs', /^\d{0,16}$/],
  ['WorkspaceSid', orEmpty(WORKSPACE_SID)],
  ['WorkflowSid', orEmpty(WORKFLOW_SID)],
  ['TaskQueueSid', orEmpty(TASK_QUEUE_SID)],
  ['TaskChannelSid', orEmpty(TASK_CHANNEL_SID)],
  ['TaskSid', orEmpty(TASK_SID)],
  ['ReservationSid', orEmpty(RESERVATION_SID)],
  ['WorkerSid', orEmpty(WORKER_SID)],
  ['WorkerActivitySid', orEmpty(ACTIVITY_SID)],
  ['TaskAssignmentStatus', orEmpty(WORD)],
]);

const TELLING = ['ReservationSid', 'ResourceSid', 'Sid', 'TaskSid', 'Timestamp', 'WorkerSid', 'WorkflowSid'];

const EVENT: FieldGrammar = { required: ['EventType', 'AccountSid'], known: KNOWN, telling: TELLING };
const ASSIGNMENT: FieldGrammar = {
  required: ['ReservationSid', 'TaskSid', 'AccountSid'],
  known: KNOWN,
  telling: TELLING,
};

/** An event of a TaskRouter workspace. It has to name what it is about, or no key could tell it from others. */
export const checkTaskEvent = (fields: Fields, accountSid: string): GrammarVerdict => {
  const verdict = checkFields(fields, EVENT);
  if (verdict.kind !== 'sound') return verdict;
  if (fields.get('AccountSid')?.[0] !== accountSid) return reshaped('AccountSid', 'account');
  return taskResource(fields) === undefined ? reshaped('ResourceSid', 'missing') : SOUND;
};

/** The question which instruction a reservation gets. */
export const checkAssignment = (fields: Fields, accountSid: string): GrammarVerdict => {
  const verdict = checkFields(fields, ASSIGNMENT);
  if (verdict.kind !== 'sound') return verdict;
  if (fields.get('AccountSid')?.[0] !== accountSid) return reshaped('AccountSid', 'account');
  const empty = ASSIGNMENT.required.find((name) => fields.get(name)?.[0] === '');
  return empty === undefined ? SOUND : reshaped(empty, 'missing');
};

/** What the event is about: the resource that Twilio names, else the closest one among its parameters. */
export const taskResource = (fields: Fields): string | undefined =>
  ['Sid', 'ResourceSid', 'ReservationSid', 'TaskSid', 'WorkerSid', 'WorkflowSid', 'TaskQueueSid']
    .map((name) => fields.get(name)?.[0])
    .find((value) => value !== undefined && value !== '');

/** The call that a task of the voice channel stands for; Twilio puts its SID among the attributes. */
export const callOfTask = (fields: Fields): string | undefined => {
  const attributes = parseJson(fields.get('TaskAttributes')?.[0] ?? '');
  const callSid = isJsonObject(attributes) ? attributes.call_sid : undefined;
  return typeof callSid === 'string' && CALL_SID.test(callSid) ? callSid : undefined;
};
