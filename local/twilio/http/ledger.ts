import type { MessageRecord } from '../domain/message.ts';
import type { World } from '../engine/world.ts';
import type { CallbackEntry, CreateEntry, HowAnswered, InboundEntry } from '../state/simulator-state.ts';

interface LedgerMessage {
  readonly sid: string;
  readonly accountSid: string;
  readonly direction: MessageRecord['direction'];
  readonly from: string | null;
  readonly to: string;
  readonly body: string;
  readonly messagingServiceSid: string | null;
  readonly status: MessageRecord['status'];
  readonly errorCode: number | null;
  readonly acceptedAt: number;
  readonly history: MessageRecord['history'];
  /** How often the handset showed it. */
  readonly handsetDeliveries: number;
  /** How the create was answered; null for inbound messages and TwiML replies. */
  readonly answered: HowAnswered | null;
  /** The client was told the SID: the answer was a whole 201. */
  readonly knownToClient: boolean;
}

/** The truth about everything that happened, whatever anybody was told. Instants are milliseconds since 1970. */
export interface Ledger {
  readonly seed: string | number;
  readonly now: number;
  readonly messages: readonly LedgerMessage[];
  readonly creates: readonly CreateEntry[];
  readonly callbacks: readonly CallbackEntry[];
  readonly inbound: readonly InboundEntry[];
  readonly optOuts: readonly string[];
}

/** A copy, of one message only where a SID is given. */
export function ledgerOf(world: World, messageSid?: string): Ledger {
  const { state } = world;
  const wanted = (sid: string | undefined) => messageSid === undefined || sid === messageSid;
  const creates = state.creates.filter((create) => wanted(create.messageSid));
  const createOf = new Map(creates.map((create) => [create.messageSid, create]));
  const shown = countBy(state.handsets.filter(({ direction }) => direction === 'received'));
  return structuredClone({
    seed: state.seed,
    now: world.clock.now(),
    messages: Object.values(state.messages)
      .filter(({ sid }) => wanted(sid))
      .map((message) => renderEntry(message, createOf.get(message.sid), shown.get(message.sid) ?? 0)),
    creates,
    callbacks: Object.values(state.callbacks).filter((callback) => wanted(callback.messageSid)),
    inbound: Object.values(state.inbound).filter((inbound) => wanted(inbound.messageSid)),
    optOuts: Object.keys(state.optOuts),
  });
}

function renderEntry(message: MessageRecord, create: CreateEntry | undefined, shown: number): LedgerMessage {
  const answered = create?.answered ?? null;
  const whole = answered !== null && typeof answered === 'object' && answered.status === 201;
  return {
    sid: message.sid,
    accountSid: message.accountSid,
    direction: message.direction,
    from: message.from,
    to: message.to,
    body: message.body,
    messagingServiceSid: message.messagingServiceSid ?? null,
    status: message.status,
    errorCode: message.errorCode,
    acceptedAt: message.acceptedAt,
    history: message.history,
    handsetDeliveries: shown,
    answered,
    knownToClient: whole && create?.fault !== 'rubbish2xx',
  };
}

function countBy(messages: readonly { readonly messageSid?: string | undefined }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { messageSid } of messages) {
    if (messageSid !== undefined) counts.set(messageSid, (counts.get(messageSid) ?? 0) + 1);
  }
  return counts;
}
