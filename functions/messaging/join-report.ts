import type { Clock } from '../shared/ports/clock.ts';
import { StoreUnavailableError } from '../shared/ports/table-client.ts';
import { writeBound } from './bind-message.ts';
import type { Moment } from './domain/advance.ts';
import { applyStatus, type StatusDecision, type TracedReport } from './domain/apply-status.ts';
import type { Intent } from './domain/intent.ts';
import { type StorePorts, writeTransition } from './intent-store.ts';

export interface JoinPorts extends StorePorts {
  readonly clock: Clock;
}

/** How often a report is joined anew when another write to the same intent comes first. */
const TRIES = 8;
const CONFLICT_PAUSE_MILLISECONDS = 20;

/** Joins a report to an intent, against every concurrent write. @throws StoreUnavailableError after the last try */
export async function joinReport(
  first: Intent,
  report: TracedReport,
  owner: string,
  ports: JoinPorts,
): Promise<StatusDecision['kind']> {
  let intent: Intent | undefined = first;
  for (let attempt = 0; attempt < TRIES && intent !== undefined; attempt += 1) {
    const moment = { now: ports.clock(), owner, jitter: ports.random.fraction() };
    const decision: StatusDecision = applyStatus(intent, report, moment);
    if (decision.kind === 'foreign' || decision.kind === 'known') return decision.kind;
    const written = await write(intent, decision, report, moment, ports);
    if (written.kind === 'written') return decision.kind;
    intent = written.kind === 'conflict' ? written.existing : intent;
    await ports.sleep(moment.jitter * CONFLICT_PAUSE_MILLISECONDS * 2 ** attempt);
  }
  throw new StoreUnavailableError('the intent kept changing under the report');
}

function write(
  intent: Intent,
  { kind, transition }: Exclude<StatusDecision, { kind: 'foreign' | 'known' }>,
  report: TracedReport,
  moment: Moment,
  ports: JoinPorts,
) {
  switch (kind) {
    case 'recorded':
      return writeTransition(intent, transition, [], ports);
    case 'bound':
    case 'duplicate-detected':
      return writeBound({ before: intent, transition, sid: report.sid, moment }, ports);
    default:
      return kind satisfies never;
  }
}
