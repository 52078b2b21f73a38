import type { OutboxEntry } from '../shared/contract/outbox.ts';
import type { AttributeValue, Item } from '../shared/ports/table-client.ts';
import { type CallState, FlowError } from './domain/call-state.ts';

/** A call as it is kept: one item, its state and the events of its last step in it. */
export interface Call {
  readonly callSid: string;
  readonly accountSid: string;
  /** Counts the steps; the present step's token is derived from it. */
  readonly version: number;
  readonly flow: string;
  readonly flowHash: string;
  /** 128 random bits that the tokens are derived from. */
  readonly secret: string;
  readonly state: CallState;
  /** Hash of what led to the present version: the token and the signed parameters. */
  readonly lastInput: string;
  /** TwiML that answered it. */
  readonly lastAnswer: string;
  readonly owner: string;
  readonly correlationId: string;
  /** Of calls that we placed. */
  readonly intentId?: string;
  readonly attempt?: number;
}

export const callKey = (callSid: string): string => `CALL#${callSid}`;

/** Twilio ends calls after 24 h at the latest (https://www.twilio.com/docs/voice/twiml/dial, timeLimit). */
const CALL_SECONDS = 86_400;

export const callItem = (call: Call, outbox: readonly OutboxEntry[], now: number): Item => ({
  ...call,
  pk: callKey(call.callSid),
  kind: 'call',
  state: JSON.stringify(call.state),
  outbox: outbox.map((entry): AttributeValue => ({ ...entry })),
  outboxAt: new Date(now).toISOString(),
  expiresAt: Math.floor(now / 1000) + CALL_SECONDS,
});

/** @throws FlowError for an item that is no call */
export const readCall = (item: Item): Call => {
  const state: CallState = JSON.parse(text(item, 'state'));
  const { intentId, attempt } = item;
  return {
    callSid: text(item, 'callSid'),
    accountSid: text(item, 'accountSid'),
    version: number(item, 'version'),
    flow: text(item, 'flow'),
    flowHash: text(item, 'flowHash'),
    secret: text(item, 'secret'),
    state,
    lastInput: text(item, 'lastInput'),
    lastAnswer: text(item, 'lastAnswer'),
    owner: text(item, 'owner'),
    correlationId: text(item, 'correlationId'),
    ...(typeof intentId === 'string' && { intentId }),
    ...(typeof attempt === 'number' && { attempt }),
  };
};

const text = (item: Item, name: string): string => {
  const value = item[name];
  if (typeof value !== 'string') throw new FlowError(`a call without ${name}`);
  return value;
};

const number = (item: Item, name: string): number => {
  const value = item[name];
  if (typeof value !== 'number') throw new FlowError(`a call without ${name}`);
  return value;
};
