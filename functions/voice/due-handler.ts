import type { Context } from 'aws-lambda';
import type { Observer } from '../shared/ports/observer.ts';
import type { Randomness } from '../shared/ports/randomness.ts';
import { type DueCommand, type DuePorts, type DueReport, forEachDue } from './due-records.ts';
import { RecordsLeftError } from './records-left-error.ts';

export type DueHandler = (event: unknown, context: Context) => Promise<DueReport>;

export interface DueHandlerPorts extends DuePorts {
  readonly random: Randomness;
  readonly observer: Observer & { flush?(): void };
}

/** No record is begun with less time left than the longest step may take. */
const RESERVE_MILLISECONDS = 25_000;

/** The handler of a function that looks after due records by the clock; what failed comes again with the next run. */
export const createDueHandler =
  (
    command: Pick<DueCommand, 'kind' | 'prefix' | 'parallel'>,
    handle: (id: string, owner: string) => Promise<void>,
    ports: DueHandlerPorts,
  ): DueHandler =>
  async (_event, context) => {
    try {
      const owner = `${context.awsRequestId}#${ports.random.token()}`;
      const remainingMilliseconds = () => context.getRemainingTimeInMillis();
      const limits = { remainingMilliseconds, reserveMilliseconds: RESERVE_MILLISECONDS };
      const report = await forEachDue({ ...command, ...limits }, (id) => handle(id, owner), ports);
      ports.observer.info('due records looked after', { kind: command.kind, ...report });
      if (report.failed > 0) throw new RecordsLeftError(command.kind, report.failed);
      return report;
    } finally {
      ports.observer.flush?.();
    }
  };
