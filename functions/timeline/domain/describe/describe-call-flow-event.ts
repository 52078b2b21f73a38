import type { CALL_FLOW_EVENTS } from '../../../shared/contract/events/call-flow-events.ts';
import type { EventIn } from '../../../shared/contract/events.ts';
import { type Describe, type Description, defined } from './description.ts';

const received: Describe<'call.received.v1'> = ({ data }) => ({
  subject: data.callSid,
  summary: `call came in and entered the flow ${data.flow}`,
  detail: defined(data),
  links: [],
});

const began: Describe<'call.began.v1'> = ({ data }) => ({
  subject: data.callSid,
  summary:
    `attempt ${data.attempt} was answered and entered the flow ${data.flow}` +
    (data.answeredBy === undefined ? '' : `; answered by ${data.answeredBy}`),
  detail: defined(data),
  links: [
    [data.callSid, data.intentId],
    [data.intentId, data.callSid],
  ],
});

const stepTaken: Describe<'call.step-taken.v1'> = ({ data }) => ({
  subject: data.callSid,
  summary: `step ${data.step}, ${causeOf(data)}: ${data.state} (${data.verbs || 'nothing'})`,
  detail: defined(data),
  links: [],
});

type StepData = Parameters<typeof stepTaken>[0]['data'];

function causeOf({ on, keyPresses = 0, result }: StepData): string {
  switch (on) {
    case 'start':
      return 'the start';
    case 'keys':
      return keyPresses === 1 ? 'one key press' : `${keyPresses} key presses`;
    case 'speech':
      return 'the caller spoke';
    case 'silence':
      return 'the caller said nothing';
    case 'dial':
      return `dialled: ${result}`;
    case 'queue':
      return `queue: ${result}`;
    case 'recording':
      return 'something was recorded';
    case 'hang-up':
      return 'the caller hung up';
    default:
      return on satisfies never;
  }
}

const reported: Describe<'call.reported.v1'> = ({ data }) => ({
  subject: data.callSid,
  summary: `the caller decided: ${data.word}`,
  detail: defined(data),
  links: [],
});

const flowEnded: Describe<'call.flow-ended.v1'> = ({ data }) => ({
  subject: data.callSid,
  summary: `the flow ended: ${data.outcome}`,
  detail: defined(data),
  links: [],
});

export function describeCallFlowEvent(event: EventIn<typeof CALL_FLOW_EVENTS>): Description {
  switch (event.type) {
    case 'call.received.v1':
      return received(event);
    case 'call.began.v1':
      return began(event);
    case 'call.step-taken.v1':
      return stepTaken(event);
    case 'call.reported.v1':
      return reported(event);
    case 'call.flow-ended.v1':
      return flowEnded(event);
    default:
      return event satisfies never;
  }
}
