import type { EventOf } from '../../shared/contract/events.ts';
import { METRICS } from '../../shared/contract/metrics.ts';
import type { MessagingSettings, SenderPool } from '../../shared/contract/settings.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import type { Item, WriteAction } from '../../shared/ports/table-client.ts';
import { type InboundMessage, readInboundMessage } from '../../shared/twilio/inbound-payload.ts';
import { type AutoResponse, chooseResponse } from '../domain/auto-response.ts';
import type { Intent } from '../domain/intent.ts';
import { request } from '../domain/lifecycle.ts';
import { EVIDENCE_RETENTION_SECONDS } from '../domain/timing.ts';
import { draftIntent, intentIdOf } from '../draft-intent.ts';
import { intentPut, isAbsent, type StorePorts, transactOnItem } from '../intent-store.ts';

export interface AnswerPorts extends StorePorts {
  readonly clock: Clock;
  readonly observer: Observer;
}

export type AnswerOutcome =
  | { readonly kind: 'replied'; readonly intentId: string }
  | { readonly kind: 'silent' }
  /** The effect row stands: an earlier delivery of the event did it. */
  | { readonly kind: 'done-before' }
  | { readonly kind: 'missing' };

type MessageReceived = EventOf<'message.received.v1'>;

const AUTO_RESPONDER = 'auto-responder';

/** Answers an inbound text by the rules: decision, effect row and reply intent in one transaction, once per event. */
export async function answerInboundMessage(
  event: MessageReceived,
  owner: string,
  settings: MessagingSettings,
  ports: AnswerPorts,
): Promise<AnswerOutcome> {
  const inboxItem = await ports.tables.get('inbox', { pk: event.data.inboxKey });
  if (typeof inboxItem?.payload !== 'string') return { kind: 'missing' };
  const message = readInboundMessage(inboxItem.payload);
  const pool = settings.pools.find(
    (one) =>
      one.accountSid === event.accountSid && one.channel === 'sms' && one.trafficClass === 'transactional',
  );
  const response = await respectInterval(
    message,
    chooseResponse(message, settings.autoResponder),
    settings,
    ports,
  );
  if (response.kind === 'silent' || pool === undefined) {
    const reason = response.kind === 'silent' ? response.reason : 'the account has no transactional pool';
    return write(event, owner, { kind: 'silent', reason }, [], ports);
  }
  const intent = replyIntent(event, message, response.body, owner, pool, ports.clock());
  return write(
    event,
    owner,
    { ...response, intent },
    [intentPut(undefined, request(intent)), intervalPut(message.from, intent.createdAt)],
    ports,
  );
}

const intervalKey = (address: string): Item => ({ pk: `ANSWERED#${address}`, sk: 'ANSWERED' });

/** Two machines that answer each other stop here. */
async function respectInterval(
  message: InboundMessage,
  response: AutoResponse,
  settings: MessagingSettings,
  ports: AnswerPorts,
): Promise<AutoResponse> {
  if (response.kind === 'silent') return response;
  const row = await ports.tables.get('messaging', intervalKey(message.from), { consistent: true });
  const since =
    typeof row?.answeredAt === 'number' ? ports.clock() - row.answeredAt : Number.POSITIVE_INFINITY;
  return since < settings.autoResponder.minimumIntervalSeconds * 1000
    ? { kind: 'silent', reason: 'this sender was answered a moment ago' }
    : response;
}

const intervalPut = (address: string, now: number): WriteAction => ({
  kind: 'put',
  table: 'messaging',
  item: {
    ...intervalKey(address),
    answeredAt: now,
    expiresAt: Math.floor(now / 1000) + 86_400,
  },
});

function replyIntent(
  event: MessageReceived,
  message: InboundMessage,
  body: string,
  owner: string,
  pool: SenderPool,
  now: number,
): Intent {
  return draftIntent(
    {
      id: intentIdOf(AUTO_RESPONDER, event.id),
      clientId: AUTO_RESPONDER,
      requestHash: event.id,
      to: message.from,
      body,
      correlationId: event.correlationId,
      causationId: event.id,
      inReplyTo: event.data.messageSid,
      createdAt: now,
      owner,
    },
    pool,
  );
}

type Decision =
  | { readonly kind: 'silent'; readonly reason: string }
  | { readonly kind: 'reply'; readonly reason: string; readonly intent: Intent };

async function write(
  event: MessageReceived,
  owner: string,
  decision: Decision,
  others: readonly WriteAction[],
  ports: AnswerPorts,
): Promise<AnswerOutcome> {
  const now = ports.clock();
  const effect = effectItem(event, owner, decision, now);
  const effectPut: WriteAction = { kind: 'put', table: 'messaging', item: effect, condition: isAbsent };
  const result = await transactOnItem([effectPut, ...others], ports);
  if (result !== 'written' && result.item?.owner !== owner) return { kind: 'done-before' };
  const outcome = decision.kind === 'silent' ? 'silent' : 'replied';
  ports.observer.count(METRICS.autoResponse, 1, outcome);
  ports.observer.duration(METRICS.acknowledgementToEffect, Math.max(0, now - Date.parse(event.time)));
  return decision.kind === 'silent' ? { kind: 'silent' } : { kind: 'replied', intentId: decision.intent.id };
}

/** Kept as long as the event can come again; carries the decision for the timeline. */
function effectItem(event: MessageReceived, owner: string, decision: Decision, now: number): Item {
  const time = new Date(now).toISOString();
  const pk = `EFFECT#sms#${event.id}`;
  const decided = {
    id: `messaging/${pk}/1/0`,
    time,
    accountSid: event.accountSid,
    correlationId: event.correlationId,
    causationId: event.id,
    type: 'auto-response.decided.v1',
    data: {
      messageSid: event.data.messageSid,
      outcome: decision.kind === 'silent' ? 'silent' : 'replied',
      reason: decision.reason,
      ...(decision.kind === 'reply' ? { intentId: decision.intent.id } : {}),
    },
  } as const;
  return {
    pk,
    sk: 'EFFECT',
    version: 1,
    owner,
    outbox: [{ kind: 'event', event: decided }],
    outboxAt: time,
    expiresAt: Math.floor(now / 1000) + EVIDENCE_RETENTION_SECONDS,
  };
}
