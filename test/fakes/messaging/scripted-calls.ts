import type {
  CreateCallRequest,
  PostOutcome,
  TwilioCalls,
} from '../../../functions/shared/ports/twilio-calls.ts';
import { callSidOf } from './sample-call-events.ts';
import { accepted } from './scripted-twilio.ts';

type Answer = PostOutcome | ((request: CreateCallRequest) => Promise<PostOutcome>);

/** Twilio's Calls resource as a script: the next answer for each POST, acceptance once the script has ended. */
export class ScriptedCalls implements TwilioCalls {
  readonly requests: CreateCallRequest[] = [];
  readonly #answers: Answer[] = [];

  script(...answers: readonly Answer[]): this {
    this.#answers.push(...answers);
    return this;
  }

  async create(request: CreateCallRequest): Promise<PostOutcome> {
    this.requests.push(request);
    const answer = this.#answers.shift() ?? {
      ...accepted(callSidOf(this.requests.length)),
      status: 'queued',
    };
    return typeof answer === 'function' ? answer(request) : answer;
  }
}
