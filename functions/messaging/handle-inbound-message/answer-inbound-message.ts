import type { EventOf } from '../../shared/contract/events.ts';
import { METRICS } from '../../shared/contract/metrics.ts';
import type { MessagePool, MessagingSettings } from '../../shared/contract/settings.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import type { Expression, Item, WriteAction, WriteResult } from '../../shared/ports/table-client.ts';
import { type InboundMessage, readInboundMessage } from '../../shared/twilio/inbound-payload.ts';
import { chooseResponse } from '../domain/auto-response.ts';
import type { Intent } from '../domain/intent.ts';
import { request } from '../domain/lifecycle.ts';
import { EVIDENCE_RETENTION_SECONDS } from '../domain/timing.ts';
import { draftMessage, intentIdOf } from '../draft-intent.ts';
import {
  intentPut,
  isAbsent,
  type StorePorts,
  type TransactionOutcome,
  transactOnItem,
  UnexpectedConditionError,
} from '../intent-store.ts';

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

/** No API client can have this name: it shares the space of intent ids with them. */
const AUTO_RESPONDER = 'trunkline/auto-responder';

/** Answers an inbound text by the rules: decision, effect row and reply intent in one transaction, once per event. */
export async function answerInboundMessage(
  event: MessageReceived,
  owner: string,
  settings: MessagingSettings,
  ports: AnswerPorts,
): Promise<AnswerOutcome> {
  const inboxItem = await ports.tables.get('inbox', { pk: event.data.inboxKey }, { consistent: true });
  if (typeof inboxItem?.payload !== 'string') return { kind: 'missing' };
  const message = readInboundMessage(inboxItem.payload);
  const pool = settings.pools
    .filter((one) => one.channel !== 'voice')
    .find(
      (one) =>
        one.accountSid === event.accountSid && one.channel === 'sms' && one.trafficClass === 'transactional',
    );
  const response = chooseResponse(textOf(event, message), settings.autoResponder);
  if (response.kind === 'silent') return staySilent(event, owner, response.reason, ports);
  if (pool === undefined) return staySilent(event, owner, NO_POOL, ports);
  const intent = replyIntent(event, message, response.body, owner, pool, ports.clock());
  const interval = intervalPut(message.from, intent.createdAt, settings.autoResponder.minimumIntervalSeconds);
  const decision = { ...response, intent };
  const result = await write(
    event,
    owner,
    decision,
    [interval, intentPut(undefined, request(intent))],
    ports,
  );
  if (result.kind !== 'refused') return conclude(result, event, owner, decision, ports);
  if (result.by !== INTERVAL_ACTION) throw new UnexpectedConditionError(result.by);
  return staySilent(event, owner, TOO_SOON, ports);
}

const textOf = ({ data }: MessageReceived, message: InboundMessage) => ({
  ...message,
  keyword: data.keyword,
  answeredByTwilio: data.answeredByTwilio,
});

async function staySilent(
  event: MessageReceived,
  owner: string,
  reason: string,
  ports: AnswerPorts,
): Promise<AnswerOutcome> {
  const decision = { kind: 'silent', reason } as const;
  const result = await write(event, owner, decision, [], ports);
  if (result.kind === 'refused') throw new UnexpectedConditionError(result.by);
  return conclude(result, event, owner, decision, ports);
}

const NO_POOL = 'the account has no transactional pool';
const TOO_SOON = 'this sender was answered a moment ago';
/** Its place in the transaction, behind the effect row. */
const INTERVAL_ACTION = 1;

/** Two machines that answer each other stop here; two texts at once get one answer. */
const intervalPut = (address: string, now: number, minimumIntervalSeconds: number): WriteAction => ({
  kind: 'put',
  table: 'messaging',
  item: {
    pk: `ANSWERED#${address}`,
    sk: 'ANSWERED',
    answeredAt: now,
    expiresAt: Math.floor(now / 1000) + LONGEST_INTERVAL_SECONDS,
  },
  ...(minimumIntervalSeconds > 0 && { condition: isAnsweredBefore(now - minimumIntervalSeconds * 1000) }),
});

const isAnsweredBefore = (longEnoughAgo: number): Expression => ({
  expression: 'attribute_not_exists(#pk) OR #answeredAt <= :longEnoughAgo',
  names: { '#pk': 'pk', '#answeredAt': 'answeredAt' },
  values: { ':longEnoughAgo': longEnoughAgo },
});

/** What the settings allow at most. */
const LONGEST_INTERVAL_SECONDS = 86_400;

function replyIntent(
  event: MessageReceived,
  message: InboundMessage,
  body: string,
  owner: string,
  pool: MessagePool,
  now: number,
): Intent {
  return draftMessage(
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
): Promise<TransactionOutcome> {
  // At the intent's own instant: a story tells the decision before what came of it.
  const now = decision.kind === 'reply' ? decision.intent.createdAt : ports.clock();
  const effect = effectItem(event, owner, decision, now);
  return transactOnItem(
    [{ kind: 'put', table: 'messaging', item: effect, condition: isAbsent }, ...others],
    ports,
  );
}

/** A conflict on the effect row means that the event had its effect: by this very invocation, if it is the owner. */
function conclude(
  result: WriteResult,
  event: MessageReceived,
  owner: string,
  decision: Decision,
  ports: AnswerPorts,
): AnswerOutcome {
  if (result.kind === 'conflict' && result.existing?.owner !== owner) return { kind: 'done-before' };
  const elapsed = ports.clock() - Date.parse(event.time);
  ports.observer.count(METRICS.autoResponse, 1, decision.kind === 'silent' ? 'silent' : 'replied');
  ports.observer.duration(METRICS.acknowledgementToEffect, Math.max(0, elapsed));
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
