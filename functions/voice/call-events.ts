import type { EventOf } from '../shared/contract/events.ts';
import type { OutboxEntry } from '../shared/contract/outbox.ts';
import { type Call, callKey } from './call-item.ts';
import type { StepInput, StepNote } from './domain/call-state.ts';
import type { Arrival } from './domain/enter.ts';
import type { PlannedRecording } from './domain/step-environment.ts';
import { describeInput } from './domain/step-fields.ts';
import type { Verb } from './domain/verbs.ts';

type CallFlowEvent =
  | EventOf<'call.received.v1'>
  | EventOf<'call.began.v1'>
  | EventOf<'call.step-taken.v1'>
  | EventOf<'call.reported.v1'>
  | EventOf<'call.notice-given.v1'>
  | EventOf<'call.flow-ended.v1'>;

type Told = { [Type in CallFlowEvent['type']]: Pick<EventOf<Type>, 'type' | 'data'> }[CallFlowEvent['type']];

/** How a call came to its present step. */
export type Cause =
  | { readonly kind: 'called' }
  | {
      readonly kind: 'fetched';
      readonly intentId: string;
      readonly attempt: number;
      readonly answeredBy?: 'human' | 'machine' | 'unknown';
    }
  | { readonly kind: 'input'; readonly input: StepInput };

export interface TakenStep {
  readonly call: Call;
  readonly cause: Cause;
  readonly arrival: Arrival;
  readonly recording: PlannedRecording;
  readonly now: number;
}

/** The events of one step, in order: how it came about, what it led to, what happened on the way. */
export const outboxOf = (taken: TakenStep): readonly OutboxEntry[] => {
  const { call, now } = taken;
  const told: readonly Told[] = [...beginning(taken), stepTaken(taken), ...noted(taken)];
  return told.map(
    (event, ordinal): OutboxEntry => ({
      kind: 'event',
      event: {
        id: `voice/${callKey(call.callSid)}/${call.version}/${ordinal}`,
        time: new Date(now).toISOString(),
        accountSid: call.accountSid,
        correlationId: call.correlationId,
        ...event,
      },
    }),
  );
};

const inFlow = ({ callSid, version, flow }: Call) => ({ callSid, step: version, flow });

const beginning = ({ call, cause }: TakenStep): readonly Told[] => {
  const data = { ...inFlow(call), flowHash: call.flowHash };
  switch (cause.kind) {
    case 'called':
      return [{ type: 'call.received.v1', data }];
    case 'fetched': {
      const { kind: _, ...evidence } = cause;
      return [{ type: 'call.began.v1', data: { ...data, ...evidence } }];
    }
    case 'input':
      return [];
    default:
      return cause satisfies never;
  }
};

const stepTaken = ({ call, cause, arrival }: TakenStep): Told => {
  const frame = arrival.state.frames.at(-1);
  return {
    type: 'call.step-taken.v1',
    data: {
      ...inFlow(call),
      state: frame === undefined ? '' : `${frame.flow}/${frame.state}`,
      ...(cause.kind === 'input' ? describeInput(cause.input) : { on: 'start' }),
      verbs: arrival.verbs.map(({ verb }) => VERB_NAMES[verb]).join(' '),
    },
  };
};

const VERB_NAMES: Readonly<Record<Verb['verb'], string>> = {
  say: 'Say',
  play: 'Play',
  pause: 'Pause',
  gather: 'Gather',
  dial: 'Dial',
  enqueue: 'Enqueue',
  record: 'Record',
  redirect: 'Redirect',
  leave: 'Leave',
  hangup: 'Hangup',
};

const noted = (taken: TakenStep): readonly Told[] => taken.arrival.notes.map((note) => toldOf(note, taken));

const toldOf = (note: StepNote, { call, recording }: TakenStep): Told => {
  const intent = call.intentId === undefined ? {} : { intentId: call.intentId };
  switch (note.kind) {
    case 'report':
      return { type: 'call.reported.v1', data: { ...inFlow(call), word: note.word, ...intent } };
    case 'ended':
      return { type: 'call.flow-ended.v1', data: { ...inFlow(call), outcome: note.outcome, ...intent } };
    case 'notice-given': {
      const { noticeId, policyVersion, jurisdictions } = recording;
      return {
        type: 'call.notice-given.v1',
        data: {
          callSid: call.callSid,
          noticeId,
          policyVersion,
          consent: note.consent,
          jurisdictions: [...jurisdictions],
        },
      };
    }
    default:
      return note satisfies never;
  }
};
