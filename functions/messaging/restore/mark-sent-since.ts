import type { Clock } from '../../shared/ports/clock.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { type Item, StoreUnavailableError } from '../../shared/ports/table-client.ts';
import type { TwilioCallLedger } from '../../shared/ports/twilio-call-ledger.ts';
import type { NoAnswer, TwilioLedger } from '../../shared/ports/twilio-ledger.ts';
import { writeBound } from '../bind-message.ts';
import type { Moment } from '../domain/advance.ts';
import type { Intent } from '../domain/intent.ts';
import { ENDED_WHILE_FROZEN, markSent, pairSent, RESTORED_OPEN, type Sent } from '../domain/restoring.ts';
import type { Pause } from '../domain/sending-control.ts';
import { readBinding } from '../evidence-rows.ts';
import { intentOfItem } from '../intent-item.ts';
import type { StorePorts } from '../intent-store.ts';
import { readSendingControl } from '../sending-control-store.ts';
import { listCallsSince, listMessagesSince } from './list-since.ts';

export interface MarkSentCommand {
  /** The point in time to which the table was restored, epoch milliseconds. */
  readonly since: number;
  readonly owner: string;
  readonly accountSids: readonly string[];
  /** Messages asked for at once, 1 to 1000. */
  readonly pageSize: number;
  /** Segments of the table that are scanned one after another. */
  readonly segments: number;
}

export interface MarkSentPorts extends StorePorts {
  readonly ledger: Pick<TwilioLedger, 'listMessages'>;
  readonly callLedger: Pick<TwilioCallLedger, 'listCalls'>;
  readonly clock: Clock;
  readonly observer: Observer;
}

export type MarkSentOutcome =
  | {
      readonly kind: 'marked';
      /** Messages and calls at Twilio since the point. */
      readonly listed: number;
      /** Restored intents that were marked as sent now. */
      readonly marked: number;
      /** Restored intents that nothing shows to have been sent: they go out once the freeze ends. */
      readonly open: number;
      /** SIDs of what was sent by intents that the restore has undone. */
      readonly unknown: readonly string[];
      /** Restored intents that changed under the command: it is to be run again. */
      readonly moved: number;
    }
  /** Sending is not frozen: what is unmarked could be sent again meanwhile. */
  | { readonly kind: 'not-frozen' }
  /** The last sends before the freeze may not be listed yet. */
  | { readonly kind: 'too-early'; readonly at: number }
  | NoAnswer;

/** A send that was under way when the freeze began has ended, and Twilio's list has it, after this. */
const LIST_LAG_MILLISECONDS = 15 * 60_000;
/** What was created a little before the point may have been recorded after it; clocks differ, too. */
const MARGIN_MILLISECONDS = 15 * 60_000;

/**
 * After a restore: what Twilio lists since the restore point is marked on the restored intents, so that they are not sent
 * again when the freeze ends. Run again, it marks what has come since, and nothing twice.
 */
export async function markSentSince(
  command: MarkSentCommand,
  ports: MarkSentPorts,
): Promise<MarkSentOutcome> {
  const freeze = await readFreeze(ports);
  if (freeze === undefined) return { kind: 'not-frozen' };
  const readyAt = freeze.since + LIST_LAG_MILLISECONDS;
  if (ports.clock() < readyAt) return { kind: 'too-early', at: readyAt };
  const open = await readOpen(freeze.since, command, ports);
  const listed = await listSince(open, command, ports);
  if (listed.kind !== 'listed') return listed;
  const unbound: Sent[] = [];
  for (const sent of listed.sent) if ((await bindingOf(sent, ports)) === undefined) unbound.push(sent);
  const { pairs, unknown } = pairSent(open, unbound);
  let moved = 0;
  for (const { intent, sent } of pairs) if (!(await mark(intent, sent, command, ports))) moved += 1;
  for (const { accountSid, sid } of unknown)
    ports.observer.warn('sent by an intent that the restore has undone', { accountSid, sid });
  return {
    kind: 'marked',
    listed: listed.sent.length,
    marked: pairs.length - moved,
    open: open.filter(isOpen).length - pairs.filter(({ intent }) => isOpen(intent)).length,
    unknown: unknown.map(({ sid }) => sid),
    moved,
  };
}

const isOpen = ({ state }: Intent): boolean => RESTORED_OPEN.some((open) => open === state);

const PATIENCE = 5;

/** A restore is no time to begin again because one of a hundred thousand reads was throttled. */
async function bindingOf({ sid }: Sent, ports: MarkSentPorts): Promise<string | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await readBinding(ports.tables, sid);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || tries === PATIENCE) throw error;
      await ports.sleep(200 * 2 ** tries * (0.5 + ports.random.fraction() / 2));
    }
  }
}

async function readFreeze({ tables }: MarkSentPorts): Promise<Pause | undefined> {
  const { pauses } = await readSendingControl(tables);
  return pauses.find(({ scope, kind }) => scope === 'all' && kind === 'freeze');
}

async function listSince(
  open: readonly Intent[],
  { since, accountSids, pageSize }: MarkSentCommand,
  { ledger, callLedger }: MarkSentPorts,
): Promise<{ readonly kind: 'listed'; readonly sent: readonly Sent[] } | NoAnswer> {
  const question = { earliest: since - MARGIN_MILLISECONDS, pageSize };
  const sent: Sent[] = [];
  for (const accountSid of accountSids) {
    const listed = await listMessagesSince({ ...question, accountSid }, ledger);
    if (listed.kind !== 'listed') return listed;
    sent.push(...listed.sent);
  }
  const called = await listCallsSince({ ...question, open }, callLedger);
  return called.kind === 'listed' ? { kind: 'listed', sent: [...sent, ...called.sent] } : called;
}

async function readOpen(
  frozenSince: number,
  { segments }: MarkSentCommand,
  { tables }: MarkSentPorts,
): Promise<readonly Intent[]> {
  const open: Intent[] = [];
  for (let segment = 0; segment < segments; segment += 1) {
    let after: Item | undefined;
    do {
      const page = await tables.scan({
        table: 'messaging',
        segment,
        totalSegments: segments,
        filter: mayHaveBeenSent(frozenSince),
        ...(after === undefined ? {} : { after }),
      });
      open.push(...page.items.map(intentOfItem));
      after = page.next;
    } while (after !== undefined);
  }
  return open;
}

/** Whatever may have been sent although the table does not say so: open, or ended since sending was frozen. */
const mayHaveBeenSent = (frozenSince: number) => ({
  expression:
    'begins_with(#pk, :intent) AND attribute_not_exists(#messageSid) AND attribute_not_exists(#callSid) AND (#state IN (:pending, :armed, :unknown, :parked) OR (#state IN (:expired, :suppressed) AND #updatedAt >= :frozen))',
  names: {
    '#pk': 'pk',
    '#state': 'state',
    '#messageSid': 'messageSid',
    '#callSid': 'callSid',
    '#updatedAt': 'updatedAt',
  },
  values: {
    ':intent': 'INTENT#',
    ':frozen': frozenSince,
    ...Object.fromEntries(
      [...RESTORED_OPEN, ...ENDED_WHILE_FROZEN].map((state) => [`:${state.toLowerCase()}`, state]),
    ),
  },
});

async function mark(
  intent: Intent,
  sent: Sent,
  { owner }: MarkSentCommand,
  ports: MarkSentPorts,
): Promise<boolean> {
  const moment: Moment = { now: ports.clock(), owner, jitter: ports.random.fraction() };
  const transition = markSent(intent, sent, moment);
  const written = await writeBound({ before: intent, transition, sid: sent.sid, moment }, ports);
  return written.kind === 'written';
}
