import * as z from 'zod';
import type { Expression, Item, TableClient, WriteAction } from '../shared/ports/table-client.ts';
import type { Attempt } from './domain/intent.ts';
import { EVIDENCE_RETENTION_SECONDS, INTENT_RETENTION_SECONDS } from './domain/timing.ts';
import { isAbsent } from './intent-store.ts';

const AttemptRow = z.object({
  intentId: z.string(),
  attempt: z.object({ number: z.int(), token: z.string(), owner: z.string(), armedAt: z.number() }),
});

const BindingRow = z.object({ intentId: z.string() });

const attemptKey = (token: string): Item => ({ pk: `ATTEMPT#${token}`, sk: 'ATTEMPT' });

/** The row that leads from a callback's token to its intent; outlives every late callback. */
export function attemptPut(intentId: string, attempt: Attempt): WriteAction {
  return {
    kind: 'put',
    table: 'messaging',
    item: {
      ...attemptKey(attempt.token),
      intentId,
      attempt,
      expiresAt: Math.floor(attempt.armedAt / 1000) + EVIDENCE_RETENTION_SECONDS,
    },
    condition: isAbsent,
  };
}

export async function readAttempt(
  tables: TableClient,
  token: string,
): Promise<{ readonly intentId: string; readonly attempt: Attempt } | undefined> {
  const item = await tables.get('messaging', attemptKey(token), { consistent: true });
  return item === undefined ? undefined : AttemptRow.parse(item);
}

/** Names the intents of a recipient that are being sent: read strongly by who must wait for them (protocols: 3). */
export function recipientPointerPut(recipient: string, intentId: string, attempt: Attempt): WriteAction {
  return {
    kind: 'put',
    table: 'messaging',
    item: {
      pk: `RECIPIENT#${recipient}`,
      sk: `ARMED#${intentId}`,
      armedAt: attempt.armedAt,
      expiresAt: Math.floor(attempt.armedAt / 1000) + POINTER_RETENTION_SECONDS,
    },
  };
}

/** As long as an outcome may stay open: the reconciler finds the rivals of an intent by them. */
const POINTER_RETENTION_SECONDS = 8 * 86_400;

const bindingKey = (sid: string): Item => ({ pk: `SID#${sid}`, sk: 'SID' });

/** A SID has one intent: the row is free, or holds this intent, or holds the one that is displaced. */
const holds = (intentId: string, displaced: string): Expression => ({
  expression: 'attribute_not_exists(#pk) OR #intentId IN (:intentId, :displaced)',
  names: { '#pk': 'pk', '#intentId': 'intentId' },
  values: { ':intentId': intentId, ':displaced': displaced },
});

/** Binds a MessageSid or a CallSid to its intent, taking it from `displaced` where given. */
export function bindingPut(
  sid: string,
  intentId: string,
  now: number,
  displaced: string = intentId,
): WriteAction {
  return {
    kind: 'put',
    table: 'messaging',
    item: {
      ...bindingKey(sid),
      intentId,
      expiresAt: Math.floor(now / 1000) + INTENT_RETENTION_SECONDS,
    },
    condition: holds(intentId, displaced),
  };
}

/** Frees a SID that its intent had from the list by mistake. */
export const bindingRelease = (sid: string, intentId: string): WriteAction => ({
  kind: 'delete',
  table: 'messaging',
  key: bindingKey(sid),
  condition: holds(intentId, intentId),
});

/** Holds while no intent has the SID. */
export const bindingAbsent = (sid: string): WriteAction => ({
  kind: 'check',
  table: 'messaging',
  key: bindingKey(sid),
  condition: isAbsent,
});

export async function readBinding(tables: TableClient, sid: string): Promise<string | undefined> {
  const item = await tables.get('messaging', bindingKey(sid), { consistent: true });
  return item === undefined ? undefined : BindingRow.parse(item).intentId;
}

const PointerRow = z.object({ sk: z.templateLiteral(['ARMED#', z.string()]), armedAt: z.number() });

/** Intents of a recipient whose last arming was not before `since`, read strongly. */
export async function readRecipientIntents(
  tables: TableClient,
  recipient: string,
  since: number,
): Promise<readonly string[]> {
  const found: string[] = [];
  let after: Item | undefined;
  do {
    const page = await tables.query({
      table: 'messaging',
      keyCondition: {
        expression: '#pk = :pk AND begins_with(#sk, :armed)',
        names: { '#pk': 'pk', '#sk': 'sk' },
        values: { ':pk': `RECIPIENT#${recipient}`, ':armed': 'ARMED#' },
      },
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    const rows = page.items.map((item) => PointerRow.parse(item)).filter(({ armedAt }) => armedAt >= since);
    found.push(...rows.map(({ sk }) => sk.slice('ARMED#'.length)));
    after = page.next;
  } while (after !== undefined);
  return found;
}
