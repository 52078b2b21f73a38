import type { Clock } from '../../shared/ports/clock.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import type { NoAnswer, TwilioLedger, TwilioMessage } from '../../shared/ports/twilio-ledger.ts';
import { allEnded } from '../../shared/runtime/all-ended.ts';
import type { Audit } from '../domain/audit-progress.ts';
import type { Intent } from '../domain/intent.ts';
import { missingReport } from '../domain/ledger-audit.ts';
import type { StorePorts } from '../intent-store.ts';
import { joinReport } from '../join-report.ts';
import { type StoredAudit, writeAudit } from './audit-store.ts';

export interface AuditPorts extends StorePorts {
  readonly ledger: Pick<TwilioLedger, 'listMessages' | 'fetchMessage'>;
  readonly clock: Clock;
  readonly observer: Observer;
}

export interface AuditSettings {
  readonly accountSids: readonly string[];
  /** Messages asked for at once, 1 to 1000. */
  readonly pageSize: number;
  /** Segments of our table that are scanned side by side. */
  readonly segments: number;
}

export interface AuditCommand {
  /** Names this invocation in every write. */
  readonly owner: string;
  readonly remainingMilliseconds: () => number;
}

/** One part of an audit: what it has come to, and why it stopped. */
export interface PartReport {
  readonly stored: StoredAudit;
  readonly end: 'complete' | 'out-of-time' | 'throttled' | 'unavailable' | 'overtaken';
}

const RESERVE_MILLISECONDS = 90_000;

/** A page of 1000 messages, each compared by two reads, takes seconds; a slow Twilio half a minute. */
export const isShortOfTime = ({ remainingMilliseconds }: AuditCommand): boolean =>
  remainingMilliseconds() < RESERVE_MILLISECONDS;

/** Keeps what the audit has come to; undefined where another invocation has overtaken this one. */
export const keep = (
  audit: Audit,
  before: number,
  { owner }: AuditCommand,
  { tables, clock }: AuditPorts,
): Promise<StoredAudit | undefined> => writeAudit(tables, audit, { before, owner, now: clock() });

const PATIENCE = 5;
const LONGEST_PAUSE_SECONDS = 30;

/** Asks again, after as long as Twilio wants, what it refused for its number only. */
export async function askPatiently<Answer extends { readonly kind: string }>(
  ask: () => Promise<Answer | NoAnswer>,
  ports: AuditPorts,
): Promise<Answer | NoAnswer> {
  let answer = await ask();
  for (let tries = 1; tries < PATIENCE && isThrottled(answer); tries += 1) {
    const seconds = Math.min(answer.retryAfterSeconds ?? 2 ** tries, LONGEST_PAUSE_SECONDS);
    await ports.sleep(seconds * 1000 * (1 + ports.random.fraction()));
    answer = await ask();
  }
  return answer;
}

const isThrottled = (answer: { readonly kind: string }): answer is Extract<NoAnswer, { kind: 'throttled' }> =>
  answer.kind === 'throttled';

/** Joins to the intent what Twilio knows of the message's state and no callback has told. @returns how many, 0 or 1 */
export async function repairStatus(
  intent: Intent,
  message: TwilioMessage,
  { owner }: AuditCommand,
  ports: AuditPorts,
): Promise<number> {
  const report = missingReport(intent, message);
  if (report === undefined) return 0;
  const { messageSid } = message;
  const receivedAt = new Date(ports.clock()).toISOString();
  const joined = await joinReport(intent, { ...report, sid: messageSid, receivedAt }, owner, ports);
  if (joined !== 'recorded') return 0;
  ports.observer.info('status repaired', { intentId: intent.id, messageSid, status: report.status });
  return 1;
}

/** Runs `work` over all items, so many side by side; results in the order of the items. */
export async function mapInSlices<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += PARALLEL)
    results.push(...(await allEnded(items.slice(start, start + PARALLEL).map(work))));
  return results;
}

const PARALLEL = 16;
