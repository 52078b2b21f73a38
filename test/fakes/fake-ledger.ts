import type {
  ListMessages,
  MessageName,
  NoAnswer,
  TwilioLedger,
  TwilioMedia,
  TwilioMessage,
} from '../../functions/shared/ports/twilio-ledger.ts';

/** Twilio's books in memory: every account's messages, newest first, page by page; faults by call. */
export class FakeLedger implements TwilioLedger {
  readonly messages: TwilioMessage[] = [];
  readonly media = new Map<string, readonly TwilioMedia[]>();
  readonly calls: string[] = [];
  /** What to answer instead, asked before every call. */
  fault: (call: string) => NoAnswer | undefined = () => undefined;

  add(...messages: readonly TwilioMessage[]): this {
    this.messages.push(...messages);
    return this;
  }

  async listMessages(list: ListMessages): ReturnType<TwilioLedger['listMessages']> {
    const { accountSid, pageSize, page, dateSent } = list;
    const fault = this.#meet(`list ${page ?? 'first'}`);
    if (fault !== undefined) return fault;
    const all = this.messages
      .filter((message) => message.accountSid === accountSid && isSentOn(message, dateSent))
      .sort((left, right) => right.createdAt - left.createdAt);
    const start = page === undefined ? 0 : all.findIndex(({ messageSid }) => messageSid === page) + 1;
    const messages = all.slice(start, start + pageSize);
    const last = messages.at(-1);
    const isLast = start + pageSize >= all.length || last === undefined;
    return { kind: 'page', messages, ...(isLast ? {} : { nextPage: last.messageSid }) };
  }

  async fetchMessage({ accountSid, messageSid }: MessageName): ReturnType<TwilioLedger['fetchMessage']> {
    const fault = this.#meet(`fetch ${messageSid}`);
    if (fault !== undefined) return fault;
    const message = this.messages.find(
      (one) => one.messageSid === messageSid && one.accountSid === accountSid,
    );
    return message === undefined ? { kind: 'absent' } : { kind: 'found', message };
  }

  async listMedia({ messageSid }: MessageName): ReturnType<TwilioLedger['listMedia']> {
    const fault = this.#meet(`media ${messageSid}`);
    if (fault !== undefined) return fault;
    const media = this.media.get(messageSid);
    return media === undefined ? { kind: 'absent' } : { kind: 'media', media };
  }

  async cancelMessage({ messageSid }: MessageName): ReturnType<TwilioLedger['cancelMessage']> {
    const fault = this.#meet(`cancel ${messageSid}`);
    if (fault !== undefined) return fault;
    const at = this.messages.findIndex((message) => message.messageSid === messageSid);
    const found = this.messages[at];
    if (found === undefined) return { kind: 'absent' };
    if (found.status !== 'scheduled') return { kind: 'too-late', errorCode: 30_409 };
    const message = { ...found, status: 'canceled' };
    this.messages[at] = message;
    return { kind: 'canceled', message };
  }

  #meet(call: string): NoAnswer | undefined {
    this.calls.push(call);
    return this.fault(call);
  }
}

/** Faults of the n-th and later calls whose name begins so; as many as are given. */
export const faultsAt = (prefix: string, nth: number, ...faults: readonly NoAnswer[]) => {
  let seen = 0;
  return (call: string): NoAnswer | undefined => {
    if (!call.startsWith(prefix)) return undefined;
    seen += 1;
    return faults[seen - nth];
  };
};

const isSentOn = ({ sentAt }: TwilioMessage, dateSent: ListMessages['dateSent']): boolean => {
  if (dateSent === undefined) return true;
  const day = sentAt === undefined ? undefined : new Date(sentAt).toISOString().slice(0, 10);
  if (day === undefined) return false;
  if (typeof dateSent === 'string') return day === dateSent;
  return day >= (dateSent.after ?? day) && day <= (dateSent.before ?? day);
};
