import type {
  CallName,
  ListCalls,
  TwilioCall,
  TwilioCallLedger,
} from '../../../functions/shared/ports/twilio-call-ledger.ts';
import type { NoAnswer } from '../../../functions/shared/ports/twilio-ledger.ts';
import { NOON } from './intents.ts';
import { ACCOUNT } from './settings.ts';

/** Twilio's calls as a test fills them: what `list` and `fetch` show is what `calls` holds, unless a refusal is scripted. */
export class ScriptedCallLedger implements TwilioCallLedger {
  readonly calls: TwilioCall[] = [];
  readonly lists: ListCalls[] = [];
  readonly fetches: CallName[] = [];
  readonly cancels: CallName[] = [];
  readonly #refusals: NoAnswer[] = [];

  show(...calls: readonly Partial<TwilioCall>[]): this {
    this.calls.push(...calls.map(twilioCall));
    return this;
  }

  /** The next requests get no answer. */
  refuse(...refusals: readonly NoAnswer[]): this {
    this.#refusals.push(...refusals);
    return this;
  }

  async listCalls(list: ListCalls): ReturnType<TwilioCallLedger['listCalls']> {
    this.lists.push(list);
    const refusal = this.#refusals.shift();
    if (refusal !== undefined) return refusal;
    const calls = this.calls
      .filter(({ to, from }) => to === list.to && from === list.from)
      .sort((left, right) => right.createdAt - left.createdAt);
    return { kind: 'page', calls };
  }

  async fetchCall(name: CallName): ReturnType<TwilioCallLedger['fetchCall']> {
    this.fetches.push(name);
    const refusal = this.#refusals.shift();
    if (refusal !== undefined) return refusal;
    const call = this.calls.find(({ callSid }) => callSid === name.callSid);
    return call === undefined ? { kind: 'absent' } : { kind: 'found', call };
  }

  async cancelCall(name: CallName): ReturnType<TwilioCallLedger['cancelCall']> {
    this.cancels.push(name);
    const refusal = this.#refusals.shift();
    if (refusal !== undefined) return refusal;
    const index = this.calls.findIndex(({ callSid }) => callSid === name.callSid);
    const call = this.calls[index];
    if (call === undefined) return { kind: 'absent' };
    if (call.status !== 'queued' && call.status !== 'ringing') return { kind: 'too-late', errorCode: 21_220 };
    const canceled = { ...call, status: 'canceled' };
    this.calls[index] = canceled;
    return { kind: 'asked', call: canceled };
  }
}

const twilioCall = (changes: Partial<TwilioCall>): TwilioCall => ({
  callSid: 'CA00000000000000000000000000000001',
  accountSid: ACCOUNT,
  direction: 'outbound-api',
  to: '+14155550123',
  from: '+14155550100',
  status: 'ringing',
  createdAt: NOON + 1_000,
  ...changes,
});
