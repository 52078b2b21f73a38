import type { ConsentFacts, ConsentGuard, ConsentQuery } from '../shared/ports/consent-guard.ts';
import type { TableClient, WriteAction } from '../shared/ports/table-client.ts';
import type { GatedSend, GateFacts, GatePolicy } from './domain/gate/facts.ts';
import { capsFor } from './domain/gate/frequency.ts';
import { type Judgement, judgeSend } from './domain/gate/rules.ts';
import { type Intent, isCall } from './domain/intent.ts';
import { describeRecipient } from './domain/recipient-facts.ts';
import { reachesAt } from './domain/scheduling.ts';
import { type FrequencySeen, frequencyPut, readFrequency } from './frequency-rows.ts';
import { type WatchPorts, type WatchSendingControl, watchSendingControl } from './watch-sending-control.ts';

/** What the gate's facts are read from; kept as long as a sandbox lives. */
export interface GatePorts {
  readonly tables: Pick<TableClient, 'get'>;
  readonly sendingControl: WatchSendingControl;
  readonly consent: ConsentGuard;
  readonly policy: GatePolicy;
}

export const createGate = (
  policy: GatePolicy,
  ports: WatchPorts & Pick<GatePorts, 'consent'>,
): GatePorts => ({
  policy,
  tables: ports.tables,
  consent: ports.consent,
  sendingControl: watchSendingControl(ports),
});

export interface GateQuestion {
  readonly now: number;
  /** When a hold is looked at again whose end nobody knows. */
  readonly lookAgainAt: number;
}

/** Facts about the recipient that were judged by, and that must still be so when the intent is armed. */
export interface SeenFacts {
  readonly consent: ConsentFacts;
  readonly frequency: FrequencySeen;
}

export interface GateAnswer extends Judgement {
  readonly seen: SeenFacts;
}

/** Reads the facts and asks every rule. Throws where a fact cannot be read: then nothing is sent. */
export async function passGate(
  intent: Intent,
  { now, lookAgainAt }: GateQuestion,
  ports: GatePorts,
): Promise<GateAnswer> {
  const [control, consent, frequency] = await Promise.all([
    ports.sendingControl(),
    ports.consent.read(consentQueryOf(intent)),
    readFrequency(ports.tables, addressOf(intent), intent.trafficClass),
  ]);
  const facts: GateFacts = {
    now,
    send: gatedSendOf(intent),
    recipient: describeRecipient(addressOf(intent), intent),
    control,
    consent,
    frequency: frequency.sent,
    policy: ports.policy,
  };
  return { ...judgeSend(facts, lookAgainAt), seen: { consent, frequency } };
}

/**
 * Joins the arming transaction: each fails if what was seen of the recipient has changed since, and the message is judged anew. The
 * message is counted where caps count its class.
 */
export function checksOfSeen(
  intent: Intent,
  { consent, frequency }: SeenFacts,
  at: number,
  ports: GatePorts,
): readonly WriteAction[] {
  const { regions } = describeRecipient(addressOf(intent), intent);
  const caps = capsFor(ports.policy.frequency, intent, regions);
  const counted = {
    address: addressOf(intent),
    trafficClass: intent.trafficClass,
    intentId: intent.id,
    at: reachesAt(at, intent.sendAt),
    keepSeconds: Math.max(...caps.map(({ perSeconds }) => perSeconds)),
  };
  return [...(caps.length === 0 ? [] : [frequencyPut(frequency, counted)]), ...ports.consent.checks(consent)];
}

const addressOf = ({ to }: Intent): string => to ?? 'erased';

const gatedSendOf = (intent: Intent): GatedSend => ({
  intentId: intent.id,
  accountSid: intent.accountSid,
  channel: intent.channel,
  trafficClass: intent.trafficClass,
  pool: intent.pool,
  ...senderOf(intent),
  ...(intent.campaign === undefined ? {} : { campaign: intent.campaign }),
  deadline: intent.deadline,
  ...(intent.sendAt === undefined ? {} : { sendAt: intent.sendAt }),
});

/** What of an intent its consent depends on. */
export const consentQueryOf = (intent: Intent): ConsentQuery => ({
  accountSid: intent.accountSid,
  channel: intent.channel,
  address: addressOf(intent),
  trafficClass: intent.trafficClass,
  ...senderOf(intent),
});

/** Of messages alone: a call has its caller id from its pool. */
const senderOf = (intent: Intent): Pick<GatedSend, 'messagingServiceSid' | 'purpose'> =>
  isCall(intent)
    ? {}
    : {
        messagingServiceSid: intent.messagingServiceSid,
        ...(intent.purpose === undefined ? {} : { purpose: intent.purpose }),
      };
