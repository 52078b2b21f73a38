import type {
  CreateMessageRequest,
  PostOutcome,
  TwilioMessages,
} from '../../../functions/shared/ports/twilio-messages.ts';

type Answer = PostOutcome | ((request: CreateMessageRequest) => Promise<PostOutcome>);

/** Twilio's Messages resource as a script: the next answer for each POST, acceptance once the script has ended. */
export class ScriptedTwilio implements TwilioMessages {
  readonly requests: CreateMessageRequest[] = [];
  readonly #answers: Answer[] = [];

  script(...answers: readonly Answer[]): this {
    this.#answers.push(...answers);
    return this;
  }

  async create(request: CreateMessageRequest): Promise<PostOutcome> {
    this.requests.push(request);
    const answer = this.#answers.shift() ?? accepted(sidOf(this.requests.length));
    return typeof answer === 'function' ? answer(request) : answer;
  }
}

/** MessageSid number n. */
export const sidOf = (number: number): string => `SM${number.toString(16).padStart(32, '0')}`;

export const accepted = (sid: string): Extract<PostOutcome, { kind: 'accepted' }> => ({
  kind: 'accepted',
  sid,
  status: 'accepted',
  httpStatus: 201,
  durationMilliseconds: 123.4,
  twilioRequestId: 'RQ00000000000000000000000000000001',
});

/** The attempt's token, as Twilio would give it back in the path of a status callback. */
export const tokenOf = (request: CreateMessageRequest): string =>
  new URL(request.statusCallback).pathname.split('/').at(-1) ?? '';
