import {
  claimCallStatus,
  claimMachineDetection,
  claimRecording,
  claimTaskEvent,
} from '../../../functions/ingress/domain/claim-call.ts';
import type { TrunklineEvent } from '../../../functions/shared/contract/events.ts';
import type { OutboxEntry } from '../../../functions/shared/contract/outbox.ts';
import { createInMemoryTableClient } from '../in-memory-table-client.ts';
import { encodeForm, type Parameter } from '../ingress/twilio-signer.ts';
import { createRecordingObserver } from '../recording-observer.ts';

export const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;
export const sid = (prefix: string, number = 1): string => `${prefix}${String(number).padStart(32, '0')}`;

const CLAIMS = {
  status: (received: Received) => claimCallStatus({ ...received, attempted: false }),
  machine: claimMachineDetection,
  recording: claimRecording,
  task: claimTaskEvent,
};

type Received = Parameters<typeof claimMachineDetection>[0];
type Fields = Readonly<Record<string, string>>;

/** Tables in memory, a clock, and webhooks as ingress takes them in. */
export class CallStage {
  readonly tables = createInMemoryTableClient();
  readonly observer = createRecordingObserver();
  readonly random = { token: () => 'token', fraction: () => 0 };
  readonly sleep = () => Promise.resolve();
  now: number;

  constructor(now = '2026-03-01T12:00:00Z') {
    this.now = Date.parse(now);
  }

  readonly clock = (): number => this.now;

  /** Takes a webhook in: its inbox item stands, its event is on the way. */
  async receive(kind: keyof typeof CLAIMS, fields: Fields): Promise<TrunklineEvent> {
    const all: Parameter[] = Object.entries({ AccountSid: ACCOUNT, ...fields });
    const receivedAt = new Date(this.now).toISOString();
    const claim = CLAIMS[kind]({
      accountSid: ACCOUNT,
      receivedAt,
      fields: new Map(all.map(([name, value]) => [name, [value]])),
    });
    await this.tables.put({ table: 'inbox', item: { pk: claim.key, payload: encodeForm(all) } });
    const [event] = claim.events;
    if (event === undefined) throw new Error('no event');
    return event;
  }

  /** Events that writes to the voice table had in their outbox since the last call. */
  drainEvents(): readonly TrunklineEvent[] {
    return this.tables
      .drainStream()
      .flatMap(({ newImage }) => (newImage?.outbox ?? []) as readonly OutboxEntry[])
      .flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []));
  }
}
