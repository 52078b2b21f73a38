/**
 * Reports of one call as a join semilattice: a grow-only set whose projection is the highest report. Any order and any
 * multiplicity of callbacks give the same record. SequenceNumber, which Twilio counts from 0 per call in the order in
 * which things happened, decides only between reports of one rank (protocols: 5, 6).
 */
export interface CallReport extends CallFacts {
  /** As Twilio wrote it: queued, initiated, ringing, in-progress, completed, busy, no-answer, failed, canceled. */
  readonly status: string;
  readonly sequenceNumber?: number;
}

export interface CallFacts {
  /** Of the call, once it has ended. */
  readonly durationSeconds?: number;
  readonly sipResponseCode?: number;
  readonly answeredBy?: string;
  readonly errorCode?: number;
}

/** What is known of a call when all its reports are taken together. */
export interface CallView extends CallFacts {
  readonly state: string;
  /** Sequence numbers below the highest that no report had, ascending. */
  readonly missing: readonly number[];
}

export interface CallJoin {
  readonly reports: readonly CallReport[];
  readonly view: CallView;
  /** False if the set had the report already: nothing needs to be written. */
  readonly isNew: boolean;
  readonly explanation: string;
}

const RANKS: Readonly<Record<string, number>> = {
  queued: 10,
  initiated: 20,
  ringing: 30,
  'in-progress': 40,
  canceled: 50,
  'no-answer': 50,
  busy: 50,
  failed: 50,
  completed: 50,
};
const UNKNOWN_RANK = 0;
const FINAL_RANK = 50;
/** More than any call has (four events and its legs'), and what one row may hold. */
const MOST_REPORTS = 64;

export const isKnownCallStatus = (status: string): boolean => Object.hasOwn(RANKS, status);
export const isFinalCallStatus = (status: string): boolean => rankOf(status) === FINAL_RANK;

const rankOf = (status: string): number =>
  isKnownCallStatus(status) ? (RANKS[status] ?? UNKNOWN_RANK) : UNKNOWN_RANK;

const keyOf = (report: CallReport): string =>
  JSON.stringify([
    ...[report.status, report.sequenceNumber ?? null, report.durationSeconds ?? null],
    ...[report.sipResponseCode ?? null, report.answeredBy ?? null, report.errorCode ?? null],
  ]);

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

const compare = (left: CallReport, right: CallReport): number =>
  rankOf(left.status) - rankOf(right.status) ||
  (left.sequenceNumber ?? -1) - (right.sequenceNumber ?? -1) ||
  compareText(keyOf(left), keyOf(right));

/** Adds one report to the set. A full set takes no more: nothing that Twilio does fills it. */
export function joinCallReport(reports: readonly CallReport[], report: CallReport): CallJoin {
  const before = viewOfCall(reports);
  const isKnown = reports.some((known) => keyOf(known) === keyOf(report));
  const isNew = !isKnown && reports.length < MOST_REPORTS;
  const joined = (isNew ? [...reports, report] : [...reports]).sort(compare);
  const view = viewOfCall(joined) ?? { state: report.status, missing: [] };
  const explanation = isNew
    ? explain(report, before, view)
    : `changed nothing: '${report.status}' was known already`;
  return { reports: joined, view, isNew, explanation };
}

/** The projection of a set; undefined for the empty one. */
export function viewOfCall(reports: readonly CallReport[]): CallView | undefined {
  const sorted = [...reports].sort(compare);
  const highest = sorted.at(-1);
  if (highest === undefined) return undefined;
  return { state: highest.status, missing: missingOf(sorted), ...factsOf(sorted) };
}

/** Each fact from the highest report that has it. */
function factsOf(sorted: readonly CallReport[]): CallFacts {
  const known: CallFacts = {};
  for (const { status: _status, sequenceNumber: _sequenceNumber, ...facts } of sorted)
    Object.assign(known, facts);
  return known;
}

function missingOf(reports: readonly CallReport[]): readonly number[] {
  const seen = new Set(reports.flatMap(({ sequenceNumber }) => sequenceNumber ?? []));
  const highest = Math.min(Math.max(-1, ...seen), MOST_REPORTS);
  return Array.from({ length: highest + 1 }, (_, number) => number).filter((number) => !seen.has(number));
}

function explain(report: CallReport, before: CallView | undefined, after: CallView): string {
  if (!isKnownCallStatus(report.status))
    return `'${report.status}' is not a call status that Trunkline knows; kept, ranked lowest`;
  if (before === undefined) return `first report: ${after.state}`;
  if (before.state !== after.state) return `${before.state} → ${after.state}`;
  return report.status === after.state
    ? `stays ${after.state}; another report of it`
    : `changed nothing: '${report.status}' ranks below '${after.state}', it came late`;
}
