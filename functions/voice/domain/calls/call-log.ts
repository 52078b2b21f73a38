import type { EventOf } from '../../../shared/contract/events.ts';
import {
  type CallReport,
  type CallView,
  isFinalCallStatus,
  joinCallReport,
  viewOfCall,
} from './call-status.ts';

/** What is kept of one call, or of one of its legs: what Twilio told, and what was said before it was recorded. */
export interface CallLog {
  readonly callSid: string;
  readonly accountSid: string;
  readonly version: number;
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly parentCallSid?: string;
  readonly reports: readonly CallReport[];
  /** Verdict of asynchronous machine detection. */
  readonly answeredBy?: string;
  /** Presumed places of both ends, as far as a report named the ends. */
  readonly places?: readonly string[];
  readonly notices: readonly GivenNotice[];
  readonly price?: string;
  readonly priceUnit?: string;
  /** Looks at Twilio's record since the call's state last became final or not. */
  readonly looks: number;
  readonly dueAt?: number;
}

/** The proof that the parties were told, or agreed, before the recording. */
export interface GivenNotice {
  readonly noticeId: string;
  readonly policyVersion: string;
  readonly obtained: 'notice' | 'key-press';
  /** Epoch milliseconds, when the TwiML with it, or after the key, was answered. */
  readonly givenAt: number;
}

interface Moment {
  readonly now: number;
  readonly owner: string;
}

const MINUTE = 60_000;
/** After its last news, an open call is looked up: a completed callback may have been lost. Twilio ends calls after 24 h. */
const OPEN_LOOKS = [15, 60, 240, 1_440, 1_500].map((minutes) => minutes * MINUTE);
/** After its end, until Twilio knows the price, which it rarely does at once. */
const ENDED_LOOKS = [5, 60, 360, 1_440].map((minutes) => minutes * MINUTE);

/** Children keep this much of their parents and no more: the rest comes with their own reports. */
export const newCallLog = (callSid: string, accountSid: string, { now, owner }: Moment): CallLog => ({
  callSid,
  accountSid,
  version: 0,
  owner,
  createdAt: now,
  updatedAt: now,
  reports: [],
  notices: [],
  looks: 0,
});

export interface CallChange {
  readonly log: CallLog;
  readonly view: CallView;
  readonly explanation: string;
}

/** Joins a report, in whatever order it came; undefined where it told nothing new. */
export function reportCall(
  log: CallLog,
  report: CallReport,
  about: { readonly parentCallSid?: string; readonly places?: readonly string[] },
  moment: Moment,
): CallChange | undefined {
  const join = joinCallReport(log.reports, report);
  const known = {
    ...about,
    ...(log.parentCallSid === undefined ? {} : { parentCallSid: log.parentCallSid }),
  };
  const isNewPlace = about.places !== undefined && log.places === undefined;
  const isNewParent = about.parentCallSid !== undefined && log.parentCallSid === undefined;
  if (!join.isNew && !isNewPlace && !isNewParent) return undefined;
  const before = viewOfCall(log.reports);
  const hasEnded = isFinalCallStatus(join.view.state) && !isFinalCallStatus(before?.state ?? '');
  const next: CallLog = {
    ...log,
    ...(known.parentCallSid === undefined ? {} : { parentCallSid: known.parentCallSid }),
    ...((log.places ?? about.places) === undefined ? {} : { places: log.places ?? about.places ?? [] }),
    reports: join.reports,
    looks: hasEnded ? 0 : log.looks,
  };
  return { log: advance(next, moment), view: join.view, explanation: join.explanation };
}

/** The machine's verdict comes once; a repeat changes nothing. */
export const detectMachine = (log: CallLog, answeredBy: string, moment: Moment): CallLog | undefined =>
  log.answeredBy === answeredBy ? undefined : advance({ ...log, answeredBy }, moment);

/** More than any flow gives. */
const MOST_NOTICES = 20;

export function giveNotice(log: CallLog, notice: GivenNotice, moment: Moment): CallLog | undefined {
  const isKnown = log.notices.some(
    (known) => known.noticeId === notice.noticeId && known.givenAt === notice.givenAt,
  );
  if (isKnown || log.notices.length >= MOST_NOTICES) return undefined;
  const notices = [...log.notices, notice].sort((left, right) => left.givenAt - right.givenAt);
  return advance({ ...log, notices }, moment);
}

/** What Twilio's own record says; undefined where Twilio has none. */
export interface LookedUp {
  readonly report: CallReport;
  readonly price?: string;
  readonly priceUnit?: string;
  readonly places?: readonly string[];
  readonly parentCallSid?: string;
}

/** Takes over what Twilio's record says, and makes the next appointment. */
export function lookUpCall(log: CallLog, found: LookedUp | undefined, moment: Moment): CallLog {
  const looked = { ...log, looks: log.looks + 1 };
  if (found === undefined) return advance(looked, moment);
  const { price, priceUnit } = found;
  const reported = reportCall(looked, found.report, found, moment)?.log ?? looked;
  // A report that ends the call begins its own series of looks, of which this one is the first.
  return advance(
    {
      ...reported,
      version: log.version,
      looks: Math.max(reported.looks, 1),
      ...(price === undefined ? {} : { price }),
      ...(priceUnit === undefined ? {} : { priceUnit }),
    },
    moment,
  );
}

const advance = (log: CallLog, { now, owner }: Moment): CallLog => {
  const { dueAt: _dueAt, ...kept } = log;
  const next = { ...kept, version: log.version + 1, updatedAt: now, owner };
  const dueAt = nextLookAt(next, now);
  return dueAt === undefined ? next : { ...next, dueAt };
};

/** When Twilio's record is read next: while the call is open, and after its end until the price is known. */
export function nextLookAt(
  log: Pick<CallLog, 'reports' | 'price' | 'looks'>,
  now: number,
): number | undefined {
  const hasEnded = isFinalCallStatus(viewOfCall(log.reports)?.state ?? '');
  if (hasEnded && log.price !== undefined && log.looks > 0) return undefined;
  const after = (hasEnded ? ENDED_LOOKS : OPEN_LOOKS)[log.looks];
  return after === undefined ? undefined : now + after;
}

/** A report as an event told it. */
export const reportOfEvent = ({ data }: EventOf<'call.status-reported.v1'>): CallReport => ({
  status: data.status,
  ...(data.sequenceNumber === undefined ? {} : { sequenceNumber: data.sequenceNumber }),
  ...(data.durationSeconds === undefined ? {} : { durationSeconds: data.durationSeconds }),
  ...(data.sipResponseCode === undefined ? {} : { sipResponseCode: data.sipResponseCode }),
  ...(data.answeredBy === undefined ? {} : { answeredBy: data.answeredBy }),
  ...(data.errorCode === undefined ? {} : { errorCode: data.errorCode }),
});
