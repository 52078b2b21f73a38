import type { StatusJoin, StatusReport, StatusView } from './status-report.ts';

/**
 * Twilio's statuses as a join semilattice: a grow-only set of reports whose projection is the highest rank.
 * Any order and any multiplicity of callbacks give the same result (protocols: 5).
 *
 * Positive evidence from a handset beats negative; a later-ranked status is never undone.
 */
const RANKS: Readonly<Record<string, number>> = {
  accepted: 10,
  scheduled: 10,
  queued: 20,
  sending: 30,
  sent: 40,
  canceled: 50,
  undelivered: 60,
  failed: 61,
  /** Deprecated by Twilio, still in its enumeration. */
  partially_delivered: 65,
  delivered: 70,
  read: 80,
};

const UNKNOWN_RANK = 0;
const FINAL = new Set(['canceled', 'undelivered', 'failed', 'partially_delivered', 'delivered', 'read']);
const NEGATIVE = new Set(['undelivered', 'failed']);

export const isKnownStatus = (status: string): boolean => Object.hasOwn(RANKS, status);

/** No later report is expected, except `read` after `delivered`. */
export const isFinalStatus = (status: string): boolean => FINAL.has(status);

const rankOf = (status: string): number =>
  isKnownStatus(status) ? (RANKS[status] ?? UNKNOWN_RANK) : UNKNOWN_RANK;

const keyOf = (report: StatusReport): string => `${report.status}|${report.errorCode ?? ''}`;

/** Ties (accepted and scheduled, unknown words) are broken by the word, so that no order of arrival shows. */
function compare(left: StatusReport, right: StatusReport): number {
  return (
    rankOf(left.status) - rankOf(right.status) ||
    (keyOf(left) < keyOf(right) ? -1 : keyOf(left) > keyOf(right) ? 1 : 0)
  );
}

/** The error shown is chosen from the whole set: first among reports of the state itself, then of any failure. */
function shownErrorCode(reports: readonly StatusReport[], state: string): number | undefined {
  if (!NEGATIVE.has(state)) return undefined;
  const codesOf = (wanted: (status: string) => boolean) =>
    reports.filter((report) => wanted(report.status)).flatMap((report) => report.errorCode ?? []);
  const own = codesOf((status) => status === state);
  const codes = own.length > 0 ? own : codesOf((status) => NEGATIVE.has(status));
  return codes.length > 0 ? Math.max(...codes) : undefined;
}

/** The projection of a set; undefined for the empty one. */
export function viewOf(reports: readonly StatusReport[]): StatusView | undefined {
  const highest = [...reports].sort(compare).at(-1);
  if (highest === undefined) return undefined;
  const errorCode = shownErrorCode(reports, highest.status);
  return errorCode === undefined ? { state: highest.status } : { state: highest.status, errorCode };
}

function explain(report: StatusReport, before: StatusView | undefined, after: StatusView): string {
  if (!isKnownStatus(report.status)) {
    return `'${report.status}' is not a status Trunkline knows; kept, ranked lowest`;
  }
  if (before === undefined) return `first status: ${after.state}`;
  if (before.state !== after.state) return `${before.state} → ${after.state}`;
  if (before.errorCode !== after.errorCode) return `stays ${after.state}; error ${after.errorCode} now known`;
  if (report.status === after.state) return `stays ${after.state}; another report of it`;
  return `changed nothing: '${report.status}' ranks below '${after.state}', it came late`;
}

/** How a report came is no part of the set. */
const wordsOf = ({ status, errorCode }: StatusReport): StatusReport =>
  errorCode === undefined ? { status } : { status, errorCode };

/** Adds one report to the set. */
export function joinStatus(reports: readonly StatusReport[], report: StatusReport): StatusJoin {
  const before = viewOf(reports);
  const isNew = !reports.some((known) => keyOf(known) === keyOf(report));
  const joined = isNew ? [...reports, wordsOf(report)].sort(compare) : [...reports].sort(compare);
  const after = viewOf(joined) ?? { state: report.status };
  const changed = before?.state !== after.state || before?.errorCode !== after.errorCode;
  const explanation = isNew
    ? explain(report, before, after)
    : `changed nothing: '${report.status}' was known already`;
  return { reports: joined, view: after, isNew, changed, explanation };
}
