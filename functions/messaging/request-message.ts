import { isPostcode } from '../shared/contract/numbering/postcodes.ts';
import type { MessagingSettings, SendChannel, TrafficClass } from '../shared/contract/settings.ts';
import { sha256Hex } from '../shared/runtime/digest.ts';
import { normalizeRecipient } from './domain/address.ts';
import type { Intent } from './domain/intent.ts';
import type { Transition } from './domain/intent-event.ts';
import { request } from './domain/lifecycle.ts';
import { choosePool } from './domain/pool.ts';
import { isTimeZone } from './domain/quiet-hours/zone-clock.ts';
import { requestInVain } from './domain/suppressing.ts';
import { draftMessage, intentIdOf } from './draft-intent.ts';
import { readIntent, type StorePorts, writeTransition } from './intent-store.ts';
import { type GatePorts, passGate } from './send-gate.ts';

/** What a client asks for; times in epoch milliseconds. */
export interface RequestMessage {
  readonly clientId: string;
  readonly idempotencyKey: string;
  readonly to: string;
  readonly body?: string;
  readonly mediaUrls?: readonly string[];
  readonly trafficClass: TrafficClass;
  readonly channel: SendChannel | 'auto';
  readonly sendAt?: number;
  readonly deadline?: number;
  readonly correlationId?: string;
  readonly tags?: readonly string[];
  /** Chooses among the pools of a traffic class. */
  readonly use?: string;
  readonly campaign?: string;
  /** Where the recipient lives, if the client knows it better than the number does: an IANA name, a ZIP or postal code. */
  readonly timeZone?: string;
  readonly postcode?: string;
}

/** What every request has, whatever it asks for. */
export type AnyRequest = Pick<RequestMessage, 'clientId' | 'idempotencyKey' | 'sendAt' | 'deadline'>;

/** A field that cannot be accepted; `pointer` is a JSON pointer into the request. */
export interface FieldProblem {
  readonly pointer: string;
  readonly detail: string;
}

export type RequestMessageOutcome =
  | { readonly kind: 'requested'; readonly intent: Intent }
  /** The same key with the same request: the intent as it is now. */
  | { readonly kind: 'repeated'; readonly intent: Intent }
  /** The same key with another request: the original stays as it was. */
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'refused'; readonly problems: readonly FieldProblem[] };

export interface RequestPorts extends StorePorts {
  readonly gate: GatePorts;
}

/**
 * Writes an intent once per (client, idempotency key): intent, event and dispatch in one write. What the gate refuses is written as
 * refused, so that it has a story; what it would hold is left to the arming, which asks again.
 */
export async function requestMessage(
  command: RequestMessage,
  now: number,
  settings: MessagingSettings,
  ports: RequestPorts,
): Promise<RequestMessageOutcome> {
  return acceptRequest(command, prepareMessage(command, now, ports.random.token(), settings), now, ports);
}

/** The same for whatever was drafted from a request. */
export async function acceptRequest(
  command: AnyRequest,
  drafted: Draft,
  now: number,
  ports: RequestPorts,
): Promise<RequestMessageOutcome> {
  if ('problems' in drafted) return refuseUnlessKnown(command, drafted.problems, ports);
  const first = await firstVersion(drafted.intent, now, ports);
  const written = await writeTransition(undefined, first, [], ports);
  if (written.kind === 'written') return { kind: 'requested', intent: first.intent };
  if (written.existing === undefined) throw new Error('an intent conflicted with an item that is not there');
  return answerRepeat(command, written.existing);
}

async function firstVersion(intent: Intent, now: number, ports: RequestPorts): Promise<Transition> {
  const { decision } = await passGate(intent, { now, lookAgainAt: now }, ports.gate);
  return decision.kind === 'refuse' ? requestInVain(intent, decision.by.explanation) : request(intent);
}

/** What was acceptable once (a deadline now past) is answered as it was then. */
async function refuseUnlessKnown(
  command: AnyRequest,
  problems: readonly FieldProblem[],
  ports: StorePorts,
): Promise<RequestMessageOutcome> {
  const known = await readIntent(ports.tables, intentIdOf(command.clientId, command.idempotencyKey));
  return known === undefined ? { kind: 'refused', problems } : answerRepeat(command, known);
}

const answerRepeat = (command: AnyRequest, known: Intent): RequestMessageOutcome =>
  known.requestHash === hashOfRequest(command) ? { kind: 'repeated', intent: known } : { kind: 'key-reused' };

export type Draft = { readonly intent: Intent } | { readonly problems: readonly FieldProblem[] };

/** What would be written, or what is wrong with the request; all of it at once. */
export function prepareMessage(
  command: RequestMessage,
  now: number,
  owner: string,
  settings: MessagingSettings,
): Draft {
  const recipient = normalizeRecipient(command.to, { acceptTestNumbers: settings.acceptTestNumbers });
  const pool = choosePool(settings.pools, command);
  const problems = [
    ...(recipient.kind === 'refused' ? [{ pointer: '/to', detail: recipient.reason }] : []),
    ...(pool === undefined
      ? [
          {
            pointer: command.use === undefined ? '/trafficClass' : '/use',
            detail: `no sender pool for ${command.channel} ${command.trafficClass}${command.use === undefined ? '' : ` ${command.use}`}`,
          },
        ]
      : []),
    ...timeProblems(command, now),
    ...placeProblems(command),
  ];
  if (problems.length > 0 || recipient.kind === 'refused' || pool === undefined) return { problems };
  const { body, mediaUrls, correlationId, tags, campaign, timeZone, postcode, sendAt, deadline } = command;
  const intent = draftMessage(
    {
      id: intentIdOf(command.clientId, command.idempotencyKey),
      clientId: command.clientId,
      requestHash: hashOfRequest(command),
      to: recipient.address,
      createdAt: now,
      owner,
      ...(body === undefined ? {} : { body }),
      ...(mediaUrls === undefined ? {} : { mediaUrls }),
      ...(correlationId === undefined ? {} : { correlationId }),
      ...(tags === undefined ? {} : { tags }),
      ...(campaign === undefined ? {} : { campaign }),
      ...(timeZone === undefined ? {} : { timeZone }),
      ...(postcode === undefined ? {} : { postcode }),
      ...(sendAt === undefined || sendAt <= now ? {} : { sendAt }),
      ...(deadline === undefined ? {} : { deadline }),
    },
    pool,
  );
  return { intent };
}

export function timeProblems({ sendAt, deadline }: AnyRequest, now: number): readonly FieldProblem[] {
  if (deadline === undefined) return [];
  if (deadline <= now) return [{ pointer: '/deadline', detail: 'lies in the past' }];
  if (sendAt !== undefined && deadline <= sendAt)
    return [{ pointer: '/deadline', detail: 'lies before sendAt' }];
  return [];
}

const placeProblems = ({ timeZone, postcode }: RequestMessage): readonly FieldProblem[] => [
  ...(timeZone === undefined || isTimeZone(timeZone)
    ? []
    : [{ pointer: '/timeZone', detail: 'is no time zone of the IANA database, such as America/New_York' }]),
  ...(postcode === undefined || isPostcode(postcode)
    ? []
    : [{ pointer: '/postcode', detail: 'is neither a ZIP code nor a Canadian postal code' }]),
];

/** Salted with the key, which is stored nowhere: the hash outlives the content, and must not give it away. */
export function hashOfRequest({ clientId: _clientId, idempotencyKey, ...content }: AnyRequest): string {
  const sorted = Object.entries(content).sort(([left], [right]) => (left < right ? -1 : 1));
  return sha256Hex(JSON.stringify([idempotencyKey, sorted]));
}
