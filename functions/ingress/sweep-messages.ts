import type { NoAnswer, TwilioLedger, TwilioMessage } from '../shared/ports/twilio-ledger.ts';
import { allEnded } from '../shared/runtime/all-ended.ts';
import { isPast, isWithin, type Sweep } from './domain/poll-window.ts';
import { type Repair, type RepairOutcome, type RepairPorts, repairMessage } from './repair-message.ts';

export interface SweepPorts extends RepairPorts {
  readonly ledger: Pick<TwilioLedger, 'listMessages' | 'listMedia'>;
}

export interface SweepCommand extends Repair {
  readonly accountSid: string;
  readonly sweep: Sweep;
  /** Messages asked for at once, 1 to 1000. */
  readonly pageSize: number;
  readonly remainingMilliseconds: () => number;
}

export interface SweepReport {
  readonly end: SweepEnd;
  readonly repaired: number;
  readonly unreadable: number;
}

export type SweepEnd =
  | { readonly kind: 'swept' }
  /** To be gone on with at `page`, or begun again where there is none. */
  | { readonly kind: 'out-of-time' | 'throttled'; readonly page?: string }
  | { readonly kind: 'unavailable' };

const RESERVE_MILLISECONDS = 60_000;
/** Messages looked at side by side. */
const PARALLEL = 16;

/** Goes down Twilio's list from its newest end, or from `sweep.page`, until everything is older than the sweep. */
export const sweepMessages = async (command: SweepCommand, ports: SweepPorts): Promise<SweepReport> => {
  let page = command.sweep.page;
  let counts = { repaired: 0, unreadable: 0 };
  const at = () => (page === undefined ? {} : { page });
  for (;;) {
    if (command.remainingMilliseconds() < RESERVE_MILLISECONDS)
      return { end: { kind: 'out-of-time', ...at() }, ...counts };
    const listed = await ports.ledger.listMessages({ ...question(command), ...at() });
    if (listed.kind !== 'page') return { end: stopped(listed, command, ports, at()), ...counts };
    const repaired = await repairAll(listed.messages, command, ports);
    counts = add(counts, repaired);
    if (repaired.obstacle !== undefined)
      return { end: stopped(repaired.obstacle, command, ports, at()), ...counts };
    const oldest = listed.messages.at(-1);
    page = listed.nextPage;
    if (page === undefined || oldest === undefined || isPast(oldest, command.sweep))
      return { end: { kind: 'swept' }, ...counts };
  }
};

/** Without a date: Twilio dates an inbound message by its webhook, which is just what may be missing. */
const question = ({ accountSid, pageSize }: SweepCommand) => ({ accountSid, pageSize });

const stopped = (
  obstacle: NoAnswer,
  { accountSid }: SweepCommand,
  { observer }: SweepPorts,
  at: { readonly page?: string },
): SweepEnd => {
  const { kind } = obstacle;
  const reason = kind === 'unavailable' ? obstacle.reason : 'Twilio asked to slow down';
  observer.warn('poll stopped on its way', { accountSid, reason });
  return kind === 'unavailable' ? { kind } : { kind, ...at };
};

type Counts = Pick<SweepReport, 'repaired' | 'unreadable'>;

const add = (left: Counts, right: Counts): Counts => ({
  repaired: left.repaired + right.repaired,
  unreadable: left.unreadable + right.unreadable,
});

const repairAll = async (
  listed: readonly TwilioMessage[],
  command: SweepCommand,
  ports: SweepPorts,
): Promise<Counts & { readonly obstacle?: NoAnswer }> => {
  const inbound = listed.filter(
    (message) => message.direction === 'inbound' && isWithin(message, command.sweep),
  );
  let counts = { repaired: 0, unreadable: 0 };
  for (let start = 0; start < inbound.length; start += PARALLEL) {
    const slice = inbound.slice(start, start + PARALLEL);
    const outcomes = await allEnded(slice.map((message) => repairMessage(message, command, ports)));
    counts = add(counts, countOf(outcomes));
    const obstacle = outcomes.find(isObstacle);
    if (obstacle !== undefined) return { ...counts, obstacle };
  }
  return counts;
};

const countOf = (outcomes: readonly RepairOutcome[]): Counts => ({
  repaired: outcomes.filter(({ kind }) => kind === 'repaired').length,
  unreadable: outcomes.filter(({ kind }) => kind === 'unreadable').length,
});

const isObstacle = (outcome: RepairOutcome): outcome is NoAnswer =>
  outcome.kind === 'throttled' || outcome.kind === 'unavailable';
