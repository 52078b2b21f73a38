import type { RecordingConsent } from '../../../shared/contract/recording-policy.ts';

/** What is kept of one recording, from its first report until nothing of it is left anywhere. Times are epoch milliseconds. */
export interface Recording {
  readonly recordingSid: string;
  readonly accountSid: string;
  readonly version: number;
  readonly owner: string;
  /** When we heard of it first: retention counts from here. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When the last new report came: the grace of a missing proof counts from here. */
  readonly reportedAt: number;
  /** Absent for a conference's. */
  readonly callSid?: string;
  readonly conferenceSid?: string;
  readonly source?: string;
  readonly startedAt?: number;
  readonly durationSeconds?: number;
  readonly channels?: number;
  readonly errorCode?: number;
  /** The first report of each status, in rank order; the facts above are the highest's that has them. */
  readonly reports: readonly RecordingReport[];
  readonly verdict?: RecordingVerdict;
  readonly copy?: RecordingCopy;
  readonly deletedAtTwilioAt?: number;
  readonly erasedAt?: number;
  /** Failures of the present step, one after the other. */
  readonly failures: number;
  /** Looks at Twilio's record while no report says that it is complete. */
  readonly looks: number;
  readonly dueAt?: number;
}

export interface RecordingVerdict {
  readonly kind: 'permitted' | 'unproved';
  readonly required: RecordingConsent;
  readonly policyVersion: string;
  readonly noticeId?: string;
  readonly noticeGivenAt?: number;
}

export interface RecordingCopy {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly at: number;
  readonly quarantined: boolean;
}

/** One report: a callback, or Twilio's own record. */
export interface RecordingReport {
  readonly status: string;
  readonly callSid?: string;
  readonly conferenceSid?: string;
  readonly source?: string;
  readonly startedAt?: number;
  readonly durationSeconds?: number;
  readonly channels?: number;
  readonly errorCode?: number;
}

interface Moment {
  readonly now: number;
  readonly owner: string;
}

/** In rank order: `completed` has media, whatever else was told. */
const STATUSES = [
  'in-progress',
  'paused',
  'stopped',
  'processing',
  'deleted',
  'absent',
  'failed',
  'completed',
];

const compare = (left: RecordingReport, right: RecordingReport): number =>
  STATUSES.indexOf(left.status) - STATUSES.indexOf(right.status) ||
  (left.status < right.status ? -1 : left.status > right.status ? 1 : 0);

/** Highest ranked status of all that were told. */
export const statusOf = ({ reports }: Pick<Recording, 'reports'>): string =>
  reports.at(-1)?.status ?? 'in-progress';

/** Joins a report in whatever order it came; undefined where it tells nothing new. A new one is looked after at once. */
export function reportRecording(
  known: Recording | undefined,
  name: { readonly recordingSid: string; readonly accountSid: string },
  report: RecordingReport,
  { now, owner }: Moment,
): Recording | undefined {
  if (known?.reports.some(({ status }) => status === report.status)) return undefined;
  const before: Recording = known ?? {
    ...name,
    version: 0,
    owner,
    createdAt: now,
    updatedAt: now,
    reportedAt: now,
    reports: [],
    failures: 0,
    looks: 0,
  };
  const reports = [...before.reports, report].sort(compare);
  return {
    ...before,
    ...factsOf(reports),
    reports,
    version: before.version + 1,
    updatedAt: now,
    reportedAt: now,
    owner,
    dueAt: now,
  };
}

function factsOf(reports: readonly RecordingReport[]): Omit<RecordingReport, 'status'> {
  const facts: Omit<RecordingReport, 'status'> = {};
  for (const { status: _status, ...told } of reports) Object.assign(facts, told);
  return facts;
}

/** Where our copy stands in the bucket: never under a name or a number. */
export const copyKeyOf = (
  { accountSid, callSid, conferenceSid, recordingSid }: Recording,
  { quarantined, format }: { readonly quarantined: boolean; readonly format: string },
): string =>
  [
    quarantined ? 'quarantine' : 'recordings',
    accountSid,
    callSid ?? conferenceSid ?? 'unknown',
    `${recordingSid}.${format}`,
  ].join('/');
