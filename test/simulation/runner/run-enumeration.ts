import { FATES } from '../twilio/fates.ts';
import type { EnumerationJob, EnumerationReport } from './report.ts';
import { runEnumerations } from './worker-pool.ts';

const CLASSES = ['transactional', 'marketing', 'otp'] as const;

/** Every fate under every policy, with callbacks and without. */
export const enumerationJobs = (pairs: boolean): readonly EnumerationJob[] =>
  CLASSES.flatMap((trafficClass) =>
    [true, false].flatMap((callbacksArrive) =>
      Object.keys(FATES).map(
        (fate): EnumerationJob => ({ seed: 1, fate, trafficClass, callbacksArrive, pairs }),
      ),
    ),
  );

export const runEnumeration = async (
  bundle: string,
  jobs: readonly EnumerationJob[],
  threads: number,
): Promise<readonly EnumerationReport[]> => {
  const reports: EnumerationReport[] = [];
  await runEnumerations(bundle, jobs, { threads, take: (report) => reports.push(report) });
  return jobs.flatMap((job) => reports.filter((report) => isOf(report, job)));
};

const isOf = (report: EnumerationReport, job: EnumerationJob): boolean =>
  report.fate === job.fate &&
  report.trafficClass === job.trafficClass &&
  report.callbacksArrive === job.callbacksArrive;

const HEAD = [
  'fate of the first POST',
  'policy',
  'callbacks',
  'points',
  'runs',
  'sent',
  'parked',
  'duplicates',
  'lost',
  'wrong',
  'other',
];
const POLICIES = { transactional: 'resend', marketing: 'park', otp: 'expire' } as const;

/** A table in Markdown, with a line of sums. */
export const describeEnumeration = (reports: readonly EnumerationReport[]): string => {
  const rows = reports.map(({ fate, trafficClass, callbacksArrive, points, counts }) =>
    [
      fate,
      POLICIES[trafficClass],
      callbacksArrive ? 'arrive' : 'lost',
      points,
      counts.runs,
      counts.sent,
      counts.parked,
      counts.duplicates,
      counts.lost,
      counts.wrong,
      counts.other,
    ].map(String),
  );
  const sum = (of: (report: EnumerationReport) => number): string =>
    String(reports.reduce((total, report) => total + of(report), 0));
  const sums = [
    'all',
    '',
    '',
    '',
    sum(({ counts }) => counts.runs),
    sum(({ counts }) => counts.sent),
    sum(({ counts }) => counts.parked),
    sum(({ counts }) => counts.duplicates),
    sum(({ counts }) => counts.lost),
    sum(({ counts }) => counts.wrong),
    sum(({ counts }) => counts.other),
  ];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const failures = reports.flatMap(({ failures: own }) => own).slice(0, 20);
  return [line(HEAD), line(HEAD.map(() => '---')), ...rows.map(line), line(sums), ...failures].join('\n');
};
