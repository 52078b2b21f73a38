import type { FrequencyCap } from '../../../shared/contract/rules/frequency.ts';
import type { SendChannel, TrafficClass } from '../../../shared/contract/settings.ts';
import type { HoursPolicy } from '../quiet-hours/hours-policy.ts';
import type { RecipientFacts } from '../recipient-facts.ts';
import type { SendingControl } from '../sending-control.ts';

/** A message of any channel, or a call: the gate is the same. */
export type GateChannel = SendChannel | 'voice';

/** What is to be sent. Times in epoch milliseconds. */
export interface GatedSend {
  readonly intentId: string;
  readonly accountSid: string;
  readonly channel: GateChannel;
  readonly trafficClass: TrafficClass;
  readonly pool: string;
  readonly campaign?: string;
  readonly messagingServiceSid?: string;
  readonly deadline: number;
  readonly sendAt?: number;
  readonly purpose?: 'opt-out-confirmation';
}

/** Everything that the rules may look at. Who gathers it answers for its age: shared facts are at most 5 s old. */
export interface GateFacts {
  readonly now: number;
  readonly send: GatedSend;
  readonly recipient: RecipientFacts;
  readonly control: SendingControl;
  readonly consent: ConsentStanding;
  /** Of the same class to the same address, lately. */
  readonly frequency: readonly SentToRecipient[];
  readonly policy: GatePolicy;
}

export type SentToRecipient = {
  readonly intentId: string;
  /** When the recipient was to get it, epoch milliseconds. */
  readonly at: number;
};

/** The rules that are data, made ready once a sandbox. */
export interface GatePolicy {
  readonly quietHours: HoursPolicy;
  readonly frequency: readonly FrequencyCap[];
}

/** What the ledger says of the recipient, every linked address counted; times in epoch milliseconds. */
export interface ConsentStanding {
  /** `suspected`: wrote what may be a revocation, and nobody has reviewed it yet. */
  readonly standing: 'opted-in' | 'opted-out' | 'suspected' | 'none';
  /** What the standing covers: `everything`, or the narrower scope it was given for. */
  readonly scope?: string;
  readonly since?: number;
}
