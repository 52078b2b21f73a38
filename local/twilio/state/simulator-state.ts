import type { CreateFault, Faults } from '../domain/faults.ts';
import type { MessageRecord, MessageStatus } from '../domain/message.ts';
import { emptyTaskRouterState, type TaskRouterState } from '../domain/task-router/records.ts';
import type { PhoneExtras } from '../domain/webhook-parameters.ts';
import type { AccountSettings, MessagingServiceSettings, SimulatorSettings } from '../options.ts';
import type { WebhookAttempt } from '../webhooks/send-attempt.ts';
import { emptyVoiceState, type VoiceState } from './voice-state.ts';

/** An IncomingPhoneNumber or channel sender. `settings` holds the REST parameters (`SmsUrl`, …) as last set. */
export interface NumberRecord {
  readonly sid: string;
  readonly phoneNumber: string;
  readonly messagingServiceSid?: string | undefined;
  readonly smsCapable: boolean;
  readonly mmsCapable: boolean;
  readonly createdAt: number;
  updatedAt: number;
  settings: Record<string, string>;
  /** What the configuration said at the last start; absent for a number bought by API. */
  readonly configured?: Readonly<Record<string, string>> | undefined;
}

export interface AccountRecord {
  readonly accountSid: string;
  readonly friendlyName: string;
  readonly ownerAccountSid: string;
  readonly apiKeys: AccountSettings['apiKeys'];
  readonly messagingServices: MessagingServiceSettings[];
  readonly createdAt: number;
  readonly callsPerSecond: number;
  readonly configuredAuthToken: string;
  authToken: string;
  secondaryAuthToken?: string | undefined;
  numbers: NumberRecord[];
}

export interface MediaRecord {
  readonly sid: string;
  readonly accountSid: string;
  readonly messageSid: string;
  readonly contentType: string;
  readonly createdAt: number;
  /** The bytes of what a handset sent. */
  readonly base64?: string | undefined;
  /** Where the bytes of an outbound message lie: the simulator does not copy them. */
  readonly sourceUrl?: string | undefined;
}

/** What a handset shows. */
export interface HandsetMessage {
  readonly address: string;
  readonly direction: 'sent' | 'received';
  readonly peer: string;
  readonly body: string;
  readonly mediaUrls: readonly string[];
  readonly at: number;
  /** Absent for Twilio's own replies to STOP, START and HELP. */
  readonly messageSid?: string | undefined;
  readonly automatic: boolean;
}

/** `unheard`: the client had hung up before the answer was there. */
export type HowAnswered = { readonly status: number } | 'reset' | 'hung' | 'unheard' | 'pending';

/** One create request as it came in, whatever the client learned of it. */
export interface CreateEntry {
  readonly ordinal: number;
  readonly at: number;
  readonly accountSid: string;
  readonly parameters: readonly (readonly [string, string])[];
  readonly fault?: CreateFault | undefined;
  messageSid?: string | undefined;
  errorCode?: number | undefined;
  answered: HowAnswered;
}

export interface CallbackEntry {
  readonly id: string;
  readonly messageSid: string;
  readonly status: MessageStatus;
  readonly errorCode?: number | undefined;
  readonly statusAt: number;
  readonly url: string;
  readonly lost: boolean;
  readonly plannedFor: readonly number[];
  readonly attempts: (WebhookAttempt & { readonly copy: number })[];
}

export interface InboundEntry {
  readonly messageSid: string;
  readonly at: number;
  readonly lost: boolean;
  readonly extras: PhoneExtras;
  readonly optOutKeyword?: 'STOP' | 'START' | 'HELP' | undefined;
  readonly attempts: (WebhookAttempt & { readonly copy: number; readonly fallback: boolean })[];
  readonly replies: string[];
}

export interface DebuggerEntry {
  readonly at: number;
  readonly accountSid: string;
  readonly level: 'ERROR' | 'WARNING';
  readonly errorCode: number;
  readonly detail: string;
  readonly resourceSid: string;
  readonly url?: string | undefined;
}

/** Something that will happen; kept as data, so that it also happens after a restart. */
export type Job = { readonly id: string; readonly at: number } & (
  | {
      readonly kind: 'status';
      readonly messageSid: string;
      readonly status: MessageStatus;
      readonly errorCode?: number | undefined;
    }
  | { readonly kind: 'handset'; readonly messageSid: string }
  | { readonly kind: 'callback'; readonly callbackId: string; readonly copy: number }
  | { readonly kind: 'release'; readonly messageSid: string }
  | { readonly kind: 'inbound'; readonly messageSid: string; readonly copy: number }
  | { readonly kind: 'voice-callback'; readonly callbackId: string; readonly copy: number }
);

/** Everything that the simulator remembers: plain JSON. */
export interface SimulatorState {
  readonly version: 1;
  readonly seed: string | number;
  faultSeed: string | number;
  faults: Faults;
  readonly counters: Record<string, number>;
  accounts: AccountRecord[];
  readonly messages: Record<string, MessageRecord>;
  readonly media: Record<string, MediaRecord>;
  readonly optOuts: Record<string, number>;
  /** When an address last wrote to a sender, for WhatsApp's 24-hour window. */
  readonly lastInbound: Record<string, number>;
  readonly handsets: HandsetMessage[];
  readonly creates: CreateEntry[];
  readonly callbacks: Record<string, CallbackEntry>;
  readonly inbound: Record<string, InboundEntry>;
  readonly debugger: DebuggerEntry[];
  readonly jobs: Record<string, Job>;
  readonly voice: VoiceState;
  readonly taskRouter: TaskRouterState;
}

export type InitialSettings = Pick<SimulatorSettings, 'seed' | 'faults'>;

export const emptyState = ({ seed, faults }: InitialSettings): SimulatorState => ({
  version: 1,
  seed,
  faultSeed: faults.seed ?? seed,
  faults,
  counters: {},
  accounts: [],
  messages: {},
  media: {},
  optOuts: {},
  lastInbound: {},
  handsets: [],
  creates: [],
  callbacks: {},
  inbound: {},
  debugger: [],
  jobs: {},
  voice: emptyVoiceState(),
  taskRouter: emptyTaskRouterState(),
});
