import type { MachineDetection, MessagingSettings, TrafficClass } from '../shared/contract/settings.ts';
import { normalizeRecipient } from './domain/address.ts';
import { type Flows, flowFindings } from './domain/flow-context.ts';
import type { CallContext } from './domain/intent.ts';
import { chooseCallPool, choosePool } from './domain/pool.ts';
import { draftCall, intentIdOf } from './draft-intent.ts';
import {
  type AnyRequest,
  acceptRequest,
  type Draft,
  type FieldProblem,
  hashOfRequest,
  type RequestMessageOutcome,
  type RequestPorts,
  timeProblems,
} from './request-message.ts';

/** What a client asks for; times in epoch milliseconds. */
export interface RequestCall extends AnyRequest {
  readonly to: string;
  readonly flow: string;
  readonly context: CallContext;
  readonly trafficClass: TrafficClass;
  readonly machineDetection?: MachineDetection;
  /** Of the call's traffic class, unless it names another. */
  readonly smsFallback?: { readonly body: string; readonly trafficClass?: TrafficClass };
  readonly correlationId?: string;
  readonly tags?: readonly string[];
  readonly use?: string;
  readonly campaign?: string;
}

export type CallSettings = MessagingSettings & { readonly flows: Flows };

/** Writes a call's intent once per (client, idempotency key), like a message's. */
export const requestCall = (
  command: RequestCall,
  now: number,
  settings: CallSettings,
  ports: RequestPorts,
): Promise<RequestMessageOutcome> =>
  acceptRequest(command, draft(command, now, ports.random.token(), settings), now, ports);

function draft(command: RequestCall, now: number, owner: string, settings: CallSettings): Draft {
  const { to, trafficClass, smsFallback, flow, context, sendAt } = command;
  const recipient = normalizeRecipient(to, { acceptTestNumbers: settings.acceptTestNumbers });
  const pool = chooseCallPool(settings.pools, command);
  const fallback = smsFallback === undefined ? undefined : { trafficClass, ...smsFallback };
  const problems: readonly FieldProblem[] = [
    ...(recipient.kind === 'refused' ? [{ pointer: '/to', detail: recipient.reason }] : []),
    ...(recipient.kind === 'accepted' && isOurs(recipient.address, settings) ? [OWN_NUMBER] : []),
    ...(pool === undefined ? [noPool(command)] : []),
    ...flowFindings(settings.flows, flow, context),
    ...(fallback !== undefined && choosePool(settings.pools, { ...fallback, channel: 'sms' }) === undefined
      ? [{ pointer: '/smsFallback', detail: `no sender pool for sms ${fallback.trafficClass}` }]
      : []),
    ...timeProblems(command, now),
  ];
  if (problems.length > 0 || recipient.kind === 'refused' || pool === undefined) return { problems };
  const intent = draftCall(
    {
      id: intentIdOf(command.clientId, command.idempotencyKey),
      clientId: command.clientId,
      requestHash: hashOfRequest(command),
      to: recipient.address,
      flow,
      context,
      createdAt: now,
      owner,
      ...(command.machineDetection === undefined ? {} : { machineDetection: command.machineDetection }),
      ...(fallback === undefined ? {} : { smsFallback: fallback }),
      ...(command.correlationId === undefined ? {} : { correlationId: command.correlationId }),
      ...(command.tags === undefined ? {} : { tags: command.tags }),
      ...(command.campaign === undefined ? {} : { campaign: command.campaign }),
      ...(sendAt === undefined || sendAt <= now ? {} : { sendAt }),
      ...(command.deadline === undefined ? {} : { deadline: command.deadline }),
    },
    pool,
  );
  return { intent };
}

const noPool = ({ trafficClass, use }: RequestCall): FieldProblem => ({
  pointer: use === undefined ? '/trafficClass' : '/use',
  detail: `no sender pool for voice ${trafficClass}${use === undefined ? '' : ` ${use}`}`,
});

/** A call between two numbers of ours would be answered by a flow, which may call again, and so on without end. */
const isOurs = (address: string, { pools }: MessagingSettings): boolean =>
  pools.some((pool) => pool.channel === 'voice' && pool.from === address);

const OWN_NUMBER: FieldProblem = { pointer: '/to', detail: 'is a number that calls are placed from' };
