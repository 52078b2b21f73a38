import type { SenderPool } from '../../shared/contract/settings.ts';
import { sha256Hex } from '../../shared/runtime/digest.ts';
import type { Moment } from '../domain/advance.ts';
import type { CallIntent } from '../domain/intent.ts';
import { request } from '../domain/lifecycle.ts';
import { choosePool } from '../domain/pool.ts';
import { conclude, redial, sequelOf } from '../domain/redialing.ts';
import { draftMessage } from '../draft-intent.ts';
import { intentPut, writeTransition } from '../intent-store.ts';
import { momentOf, type SettleCommand, type SettleOutcome, type SettlePorts, write } from './settle-steps.ts';

/** A call reached nobody: by its pool's rules it is placed again, or concluded, and a text goes out where one was asked for. */
export async function followCall(
  intent: CallIntent,
  command: SettleCommand,
  pools: readonly SenderPool[],
  ports: SettlePorts,
): Promise<SettleOutcome> {
  const moment = momentOf(command, ports);
  const pool = pools.filter(({ channel }) => channel === 'voice').find(({ name }) => name === intent.pool);
  const rules = pool?.channel === 'voice' ? pool.redial : [];
  const sequel = sequelOf(intent, rules, moment.now);
  switch (sequel.kind) {
    case 'redial':
      return write(intent, redial(intent, sequel.at, moment), 'redialed', ports);
    case 'conclude':
      return concludeCall(intent, sequel.reason, { pools, moment }, ports);
    default:
      return sequel satisfies never;
  }
}

interface Circumstances {
  readonly pools: readonly SenderPool[];
  readonly moment: Moment;
}

/** Conclusion and text are one transaction: the text's id is the call's, so that there is one at most, whoever comes twice. */
async function concludeCall(
  intent: CallIntent,
  reason: string,
  { pools, moment }: Circumstances,
  ports: SettlePorts,
): Promise<SettleOutcome> {
  const text = textOf(intent, pools, moment);
  if (text === undefined) return write(intent, conclude(intent, { reason }, moment), 'concluded', ports);
  const concluded = conclude(intent, { reason, textIntentId: text.id }, moment);
  const written = await writeTransition(intent, concluded, [intentPut(undefined, request(text))], ports);
  return { kind: written.kind === 'written' ? 'concluded' : 'left' };
}

/** Whether it may go out is for the gate to say when it is armed: consent for texts and quiet hours are asked anew. */
function textOf(intent: CallIntent, pools: readonly SenderPool[], { now, owner }: Moment) {
  const { smsFallback, to, cancelRequestedAt } = intent;
  if (smsFallback === undefined || to === undefined || cancelRequestedAt !== undefined) return undefined;
  const pool = choosePool(pools, { channel: 'sms', trafficClass: smsFallback.trafficClass });
  if (pool === undefined) return undefined;
  return draftMessage(
    {
      id: textIdOf(intent),
      clientId: intent.clientId,
      requestHash: intent.requestHash,
      to,
      body: smsFallback.body,
      correlationId: intent.correlationId,
      causationId: `messaging/${intent.id}/${intent.version + 1}/0`,
      createdAt: now,
      owner,
      ...(intent.tags === undefined ? {} : { tags: intent.tags }),
      ...(intent.campaign === undefined ? {} : { campaign: intent.campaign }),
    },
    pool,
  );
}

const textIdOf = ({ id }: CallIntent): string =>
  `int_${sha256Hex(JSON.stringify(['sms-fallback', id])).slice(0, 32)}`;
