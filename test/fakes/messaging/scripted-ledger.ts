import type {
  ListMessages,
  MessageName,
  NoAnswer,
  TwilioLedger,
  TwilioMessage,
} from '../../../functions/shared/ports/twilio-ledger.ts';
import { NOON } from './intents.ts';
import { ACCOUNT } from './settings.ts';

/** Twilio's books as a test fills them: what `list` and `fetch` show is what `messages` holds, unless a refusal is scripted. */
export class ScriptedLedger implements TwilioLedger {
  readonly messages: TwilioMessage[] = [];
  readonly lists: ListMessages[] = [];
  readonly fetches: MessageName[] = [];
  readonly #refusals: NoAnswer[] = [];

  show(...messages: readonly Partial<TwilioMessage>[]): this {
    this.messages.push(...messages.map(twilioMessage));
    return this;
  }

  /** The next requests get no answer. */
  refuse(...refusals: readonly NoAnswer[]): this {
    this.#refusals.push(...refusals);
    return this;
  }

  async listMessages(list: ListMessages): ReturnType<TwilioLedger['listMessages']> {
    this.lists.push(list);
    const refusal = this.#refusals.shift();
    if (refusal !== undefined) return refusal;
    const all = this.messages
      .filter(({ accountSid, to }) => accountSid === list.accountSid && to === list.to)
      .sort((left, right) => right.createdAt - left.createdAt);
    const start = Number(list.page ?? 0);
    const end = start + list.pageSize;
    const page = { kind: 'page', messages: all.slice(start, end) } as const;
    return end < all.length ? { ...page, nextPage: String(end) } : page;
  }

  async fetchMessage(name: MessageName): ReturnType<TwilioLedger['fetchMessage']> {
    this.fetches.push(name);
    const refusal = this.#refusals.shift();
    if (refusal !== undefined) return refusal;
    const message = this.messages.find(({ messageSid }) => messageSid === name.messageSid);
    return message === undefined ? { kind: 'absent' } : { kind: 'found', message };
  }

  async listMedia(): ReturnType<TwilioLedger['listMedia']> {
    return { kind: 'absent' };
  }

  async cancelMessage(): ReturnType<TwilioLedger['cancelMessage']> {
    return { kind: 'absent' };
  }
}

const twilioMessage = (changes: Partial<TwilioMessage>): TwilioMessage => ({
  messageSid: 'SM00000000000000000000000000000001',
  accountSid: ACCOUNT,
  direction: 'outbound-api',
  to: '+14155550123',
  body: 'Your parcel is here.',
  status: 'sent',
  messagingServiceSid: 'MG00000000000000000000000000000001',
  numMedia: 0,
  numSegments: 1,
  createdAt: NOON + 1_000,
  ...changes,
});
