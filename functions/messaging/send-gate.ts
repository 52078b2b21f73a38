import type { ConsentStanding, GatedSend, GateFacts, GatePolicy } from './domain/gate/facts.ts';
import { type Judgement, judgeSend } from './domain/gate/rules.ts';
import { type Intent, isCall } from './domain/intent.ts';
import { describeRecipient } from './domain/recipient-facts.ts';
import { type WatchPorts, type WatchSendingControl, watchSendingControl } from './watch-sending-control.ts';

/** What the gate's facts are read from; kept as long as a sandbox lives. */
export interface GatePorts {
  readonly sendingControl: WatchSendingControl;
  readonly policy: GatePolicy;
}

export const createGate = (policy: GatePolicy, ports: WatchPorts): GatePorts => ({
  policy,
  sendingControl: watchSendingControl(ports),
});

export interface GateQuestion {
  readonly now: number;
  /** When a hold is looked at again whose end nobody knows. */
  readonly lookAgainAt: number;
}

/** Reads the facts and asks every rule. Throws where a fact cannot be read: then nothing is sent. */
export async function passGate(
  intent: Intent,
  { now, lookAgainAt }: GateQuestion,
  ports: GatePorts,
): Promise<Judgement> {
  return judgeSend(await gatherFacts(intent, now, ports), lookAgainAt);
}

async function gatherFacts(intent: Intent, now: number, ports: GatePorts): Promise<GateFacts> {
  return {
    now,
    send: gatedSendOf(intent),
    recipient: describeRecipient(intent.to ?? '', intent),
    control: await ports.sendingControl(),
    consent: UNASKED,
    policy: ports.policy,
  };
}

const UNASKED: ConsentStanding = { standing: 'opted-in' };

const gatedSendOf = (intent: Intent): GatedSend => ({
  accountSid: intent.accountSid,
  channel: intent.channel,
  trafficClass: intent.trafficClass,
  pool: intent.pool,
  ...(isCall(intent)
    ? {}
    : {
        messagingServiceSid: intent.messagingServiceSid,
        ...(intent.purpose === undefined ? {} : { purpose: intent.purpose }),
      }),
  ...(intent.campaign === undefined ? {} : { campaign: intent.campaign }),
  deadline: intent.deadline,
  ...(intent.sendAt === undefined ? {} : { sendAt: intent.sendAt }),
});
