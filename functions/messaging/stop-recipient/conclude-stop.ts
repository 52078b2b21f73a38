import type { EventOf } from '../../shared/contract/events.ts';
import type { MessagePool } from '../../shared/contract/settings.ts';
import type { Item } from '../../shared/ports/table-client.ts';
import type { MessageIntent } from '../domain/intent.ts';
import { request } from '../domain/lifecycle.ts';
import type { Confirmation } from '../domain/stopping.ts';
import { EVIDENCE_RETENTION_SECONDS } from '../domain/timing.ts';
import { draftMessage, intentIdOf } from '../draft-intent.ts';
import { intentPut, isAbsent, transactOnItem, UnexpectedConditionError } from '../intent-store.ts';
import type { Marked } from './mark-pending.ts';
import type { StopOutcome, StopPorts } from './stop-recipient.ts';

type OptedOut = EventOf<'consent.opted-out.v1'>;

export interface Conclusion {
  readonly marked: Marked;
  readonly confirmed: Confirmation;
  readonly text: {
    readonly to: string | undefined;
    readonly body: string;
    readonly pool: MessagePool | undefined;
  };
  readonly owner: string;
}

/** No API client can have this name: it shares the space of intent ids with them. */
const CONSENT = 'trunkline/consent';

/** Effect row, its event and the confirmation's intent in one transaction: an event that comes twice confirms once. */
export async function concludeStop(
  event: OptedOut,
  conclusion: Conclusion,
  ports: StopPorts,
): Promise<StopOutcome> {
  const now = ports.clock();
  const intent = confirmationIntent(event, conclusion, now);
  const effect = effectItem(event, conclusion, intent, now);
  const result = await transactOnItem(
    [
      { kind: 'put', table: 'messaging', item: effect, condition: isAbsent },
      ...(intent === undefined ? [] : [intentPut(undefined, request(intent))]),
    ],
    ports,
  );
  if (result.kind === 'refused') throw new UnexpectedConditionError(result.by);
  const isDone = result.kind === 'conflict' && result.existing?.owner !== conclusion.owner;
  return isDone
    ? { kind: 'done-before' }
    : { kind: 'stopped', confirmed: conclusion.confirmed.by, ...conclusion.marked };
}

function confirmationIntent(
  event: OptedOut,
  { confirmed, text, owner }: Conclusion,
  now: number,
): MessageIntent | undefined {
  const { to, body, pool } = text;
  if (confirmed.by !== 'trunkline' || to === undefined || pool === undefined) return undefined;
  const { messageSid, recordId } = event.data;
  return draftMessage(
    {
      id: intentIdOf(CONSENT, recordId),
      clientId: CONSENT,
      requestHash: recordId,
      to,
      body,
      purpose: 'opt-out-confirmation',
      correlationId: event.correlationId,
      causationId: event.id,
      ...(messageSid === undefined ? {} : { inReplyTo: messageSid }),
      createdAt: now,
      owner,
    },
    pool,
  );
}

function effectItem(
  event: OptedOut,
  { marked, confirmed, owner }: Conclusion,
  intent: MessageIntent | undefined,
  now: number,
): Item {
  const time = new Date(now).toISOString();
  const pk = `EFFECT#opt-outs#${event.id}`;
  const told = {
    id: `messaging/${pk}/1/0`,
    time,
    accountSid: event.accountSid,
    correlationId: event.correlationId,
    causationId: event.id,
    type: 'recipient.stopped.v1',
    data: {
      contactId: event.data.contactId,
      recordId: event.data.recordId,
      ...marked,
      confirmedBy: confirmed.by,
      reason: confirmed.reason,
      ...(intent === undefined ? {} : { intentId: intent.id }),
    },
  } as const;
  return {
    pk,
    sk: 'EFFECT',
    version: 1,
    owner,
    outbox: [{ kind: 'event', event: told }],
    outboxAt: time,
    expiresAt: Math.floor(now / 1000) + EVIDENCE_RETENTION_SECONDS,
  };
}
