import * as z from 'zod';
import type { TrunklineEvent } from '../shared/contract/events.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Randomness, Sleep } from '../shared/ports/randomness.ts';
import {
  type Expression,
  type Item,
  StoreUnavailableError,
  type TableClient,
  type WriteAction,
} from '../shared/ports/table-client.ts';
import { guardPut, isAbsent, isGuardAsSeen, profileKey, standingKey } from './contact-keys.ts';
import { planRecord, type RecordPlan } from './domain/plan-record.ts';
import type { ConsentCommand, Standing } from './domain/standing.ts';
import { readPerson } from './read-contact.ts';

export interface RecordPorts {
  readonly tables: TableClient;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly sleep: Sleep;
}

/** A record of the ledger, with what proves it. */
export interface ConsentReport extends ConsentCommand {
  readonly contactId: string;
  /** Absent where it is known already, or erased. */
  readonly address?: string;
  readonly accountSid: string;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly messageSid?: string;
  readonly messagingServiceSid?: string;
  readonly answeredByTwilio?: boolean;
  readonly wording?: string;
  readonly place?: string;
  readonly by?: string;
  /** Of the request that asked for it: the same id with another one is refused. */
  readonly requestHash?: string;
  /** Names the invocation. */
  readonly owner: string;
}

export type RecordOutcome =
  | {
      readonly kind: 'recorded';
      readonly effect: 'opted-out' | 'opted-in' | 'noted';
      readonly reason?: string;
    }
  /** A record of this id stands; nothing was written. */
  | { readonly kind: 'known'; readonly requestHash?: string };

export const recordKey = (recordId: string) => ({ pk: `RECORD#${recordId}`, sk: 'RECORD' });

const StoredRecord = z.object({ owner: z.string(), requestHash: z.string().exactOptional() });

const TRIES = 8;
const PAUSE_MILLISECONDS = 20;

/** Writes a record once, with what it changes and the events that tell of it, in one transaction. @throws StoreUnavailableError */
export async function recordConsent(report: ConsentReport, ports: RecordPorts): Promise<RecordOutcome> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const [own, ...linked] = await readPerson(ports.tables, report.contactId);
    const plan = planRecord(report, own, linked, ports.random.token);
    const isNew = own.address === undefined && report.address !== undefined;
    const actions = [recordPut(report, plan, linked.length, ports.clock()), ...changes(report, plan, isNew)];
    const result = await ports.tables.transact(actions);
    if (result.kind === 'committed') return outcomeOf(plan);
    const [first] = result.reasons;
    if (first?.code === 'condition-failed') return knownOr(first.existing, report, plan);
    await ports.sleep(ports.random.fraction() * PAUSE_MILLISECONDS * 2 ** tries);
  }
  throw new StoreUnavailableError('the contact kept changing under the record');
}

function knownOr(existing: Item | undefined, { owner }: ConsentReport, plan: RecordPlan): RecordOutcome {
  const { owner: writer, requestHash } = StoredRecord.parse(existing);
  if (writer === owner) return outcomeOf(plan);
  return { kind: 'known', ...(requestHash === undefined ? {} : { requestHash }) };
}

const outcomeOf = ({ event }: RecordPlan): RecordOutcome => ({
  kind: 'recorded',
  effect: event.type,
  ...(event.type === 'noted' ? { reason: event.reason } : {}),
});

function changes(report: ConsentReport, { standing, guards }: RecordPlan, isNew: boolean): WriteAction[] {
  return [
    ...(standing === undefined ? [] : [standingPut(report.contactId, standing)]),
    ...guards.map(
      ({ contactId, guard, seenStamp }): WriteAction => ({
        ...guardPut(contactId, guard),
        condition: isGuardAsSeen(seenStamp),
      }),
    ),
    ...(isNew ? [profilePut(report)] : []),
  ];
}

const profilePut = ({ contactId, address }: ConsentReport): WriteAction => ({
  kind: 'put',
  table: 'consent',
  item: { ...profileKey(contactId), address },
});

const standingPut = (
  contactId: string,
  { before, after }: { readonly before: Standing | undefined; readonly after: Standing },
): WriteAction => ({
  kind: 'put',
  table: 'consent',
  item: { ...standingKey(contactId, after.scope), ...after },
  condition: before === undefined ? isAbsent : isStandingAsSeen(before),
});

const isStandingAsSeen = ({ recordId, since }: Standing): Expression => ({
  expression: '#recordId = :recordId AND #since = :since',
  names: { '#recordId': 'recordId', '#since': 'since' },
  values: { ':recordId': recordId, ':since': since },
});

function recordPut(report: ConsentReport, plan: RecordPlan, linked: number, now: number): WriteAction {
  const { occurredAt, owner, requestHash, address: _address, ...proof } = report;
  const time = new Date(now).toISOString();
  return {
    kind: 'put',
    table: 'consent',
    item: {
      ...recordKey(report.recordId),
      ...proof,
      owner,
      requestHash,
      occurredAt,
      recordedAt: now,
      effect: plan.event.type,
      reason: plan.event.type === 'noted' ? plan.event.reason : undefined,
      outbox: [{ kind: 'event', event: told(report, plan, linked, time) }],
      outboxAt: time,
    },
    condition: isAbsent,
  };
}

function told(report: ConsentReport, { event }: RecordPlan, linked: number, time: string): TrunklineEvent {
  const envelope = {
    id: `consent/RECORD#${report.recordId}/1/0`,
    time,
    accountSid: report.accountSid,
    correlationId: report.correlationId,
    ...(report.causationId === undefined ? {} : { causationId: report.causationId }),
  };
  const record = {
    contactId: report.contactId,
    recordId: report.recordId,
    scope: report.scope,
    source: report.source,
    occurredAt: new Date(report.occurredAt).toISOString(),
  };
  switch (event.type) {
    case 'opted-out': {
      const { messageSid, messagingServiceSid, answeredByTwilio } = report;
      const origin = {
        ...(messageSid === undefined ? {} : { messageSid }),
        ...(messagingServiceSid === undefined ? {} : { messagingServiceSid }),
        ...(answeredByTwilio === undefined ? {} : { answeredByTwilio }),
      };
      return { ...envelope, type: 'consent.opted-out.v1', data: { ...record, linked, ...origin } };
    }
    case 'opted-in':
      return { ...envelope, type: 'consent.opted-in.v1', data: record };
    case 'noted':
      return {
        ...envelope,
        type: 'consent.noted.v1',
        data: { ...record, kind: report.kind, reason: event.reason },
      };
    default:
      return event satisfies never;
  }
}
