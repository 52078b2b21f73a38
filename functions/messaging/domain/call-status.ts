import type { StatusJoin, StatusReport, StatusView } from './status-report.ts';

/**
 * Twilio's statuses of a call as a join semilattice, like those of a message (protocols: 5): any order and any
 * multiplicity of callbacks give the same result. Of two endings the later callback counts; a poll has no number, and
 * counts least. Where numbers say nothing, the call that was answered outranks the one that was not.
 */
const RANKS: Readonly<Record<string, number>> = {
  queued: 10,
  initiated: 20,
  ringing: 30,
  'in-progress': 40,
};
const ENDED_RANK = 50;
/** By how sure they are that somebody was there. */
const ENDINGS = ['canceled', 'failed', 'no-answer', 'busy', 'completed'];

const UNKNOWN_RANK = 0;
const NO_SEQUENCE_NUMBER = -1;

export const isKnownCallStatus = (status: string): boolean =>
  Object.hasOwn(RANKS, status) || ENDINGS.includes(status);

/** The call is over: it will neither ring nor speak again. */
export const isFinalCallStatus = (status: string): boolean => ENDINGS.includes(status);

/** It ended, not by our own will, and nobody answered. */
export const reachedNobody = (status: string): boolean =>
  status === 'busy' || status === 'no-answer' || status === 'failed';

/** It has not begun to ring, as far as we know: Twilio can still be told not to place it. */
export const isWaitingToRing = (status: string | undefined): boolean =>
  status === undefined || status === 'queued' || status === 'initiated';

/** Twilio cancels what has not been answered (Calls resource, Status). */
export const isUnanswered = (status: string | undefined): boolean =>
  isWaitingToRing(status) || status === 'ringing';

function rankOf(status: string): number {
  if (isFinalCallStatus(status)) return ENDED_RANK;
  return Object.hasOwn(RANKS, status) ? (RANKS[status] ?? UNKNOWN_RANK) : UNKNOWN_RANK;
}

/** What tells two reports of equal rank apart, so that no order of arrival shows. */
const orderOf = (report: StatusReport): readonly number[] => [
  rankOf(report.status),
  report.sequenceNumber ?? NO_SEQUENCE_NUMBER,
  ENDINGS.indexOf(report.status),
];

function compare(left: StatusReport, right: StatusReport): number {
  const others = orderOf(right);
  const difference = orderOf(left)
    .map((value, index) => value - (others[index] ?? 0))
    .find((value) => value !== 0);
  return difference ?? (keyOf(left) < keyOf(right) ? -1 : keyOf(left) > keyOf(right) ? 1 : 0);
}

const keyOf = ({ status, sequenceNumber, sipResponseCode }: StatusReport): string =>
  [status, sequenceNumber ?? '', sipResponseCode ?? ''].join('|');

/** A poll that says what a callback has said, with less to it, adds nothing. */
const covers = (known: StatusReport, report: StatusReport): boolean =>
  known.status === report.status &&
  (report.sequenceNumber === undefined || report.sequenceNumber === known.sequenceNumber) &&
  (report.sipResponseCode === undefined || report.sipResponseCode === known.sipResponseCode);

const wordsOf = ({ status, sequenceNumber, sipResponseCode }: StatusReport): StatusReport => ({
  status,
  ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
  ...(sipResponseCode === undefined ? {} : { sipResponseCode }),
});

/** The projection of a set; undefined for the empty one. The carrier's code is that of the shown ending. */
export function callViewOf(reports: readonly StatusReport[]): StatusView | undefined {
  const highest = [...reports].sort(compare).at(-1);
  if (highest === undefined) return undefined;
  const codes = reports
    .filter(({ status }) => status === highest.status)
    .flatMap(({ sipResponseCode }) => sipResponseCode ?? []);
  return codes.length === 0
    ? { state: highest.status }
    : { state: highest.status, sipResponseCode: Math.max(...codes) };
}

function explain(report: StatusReport, before: StatusView | undefined, after: StatusView): string {
  if (!isKnownCallStatus(report.status))
    return `'${report.status}' is not a call status Trunkline knows; kept, ranked lowest`;
  if (before === undefined) return `first status: ${after.state}`;
  if (before.state !== after.state) return `${before.state} → ${after.state}`;
  if (before.sipResponseCode !== after.sipResponseCode)
    return `stays ${after.state}; SIP response ${after.sipResponseCode} now known`;
  if (report.status === after.state) return `stays ${after.state}; another report of it`;
  return `changed nothing: '${report.status}' comes before '${after.state}', it came late`;
}

/** Adds one report to the set. */
export function joinCallStatus(reports: readonly StatusReport[], report: StatusReport): StatusJoin {
  const before = callViewOf(reports);
  const isNew = !reports.some((known) => covers(known, report));
  const words = wordsOf(report);
  const joined = isNew
    ? [...reports.filter((known) => !covers(words, known)), words].sort(compare)
    : [...reports].sort(compare);
  const after = callViewOf(joined) ?? { state: report.status };
  const changed = before?.state !== after.state || before?.sipResponseCode !== after.sipResponseCode;
  const explanation = isNew
    ? explain(report, before, after)
    : `changed nothing: '${report.status}' was known already`;
  return { reports: joined, view: after, isNew, changed, explanation };
}
