import { METRICS } from '../shared/contract/metrics.ts';
import { StoreUnavailableError } from '../shared/ports/table-client.ts';
import { firstMark, markAfter, nextSweep, type PollMark } from './domain/poll-window.ts';
import { readMark, type StoredMark, writeMark } from './poll-mark.ts';
import { type SweepEnd, type SweepPorts, sweepMessages } from './sweep-messages.ts';

export type PollPorts = SweepPorts;

export interface PollSettings {
  readonly accountSids: readonly string[];
  readonly retentionDays: number;
  /** Messages asked for at once, 1 to 1000. */
  readonly pageSize: number;
}

export interface PollCommand {
  /** Names this invocation in every write. */
  readonly owner: string;
  /** No further page is begun when less than a minute is left; the next poll goes on there. */
  readonly remainingMilliseconds: () => number;
}

/** What became of one account; counts are of this poll. */
export interface AccountPoll {
  readonly accountSid: string;
  /** `swept`: everything until a minute ago has been seen. What the others left is seen by a later poll. */
  readonly outcome: SweepEnd['kind'] | 'overtaken';
  readonly repaired: number;
  /** Messages that break the grammar of webhooks: nobody sees them unless somebody looks. */
  readonly unreadable: number;
}

/** Lists each account's inbound messages since the last poll, and claims those whose webhook never came. */
export const pollInboundMessages = async (
  command: PollCommand,
  ports: PollPorts,
  settings: PollSettings,
): Promise<readonly AccountPoll[]> => {
  const polls: AccountPoll[] = [];
  for (const accountSid of settings.accountSids) {
    const poll = await tryAccount(accountSid, command, ports, settings);
    ports.observer.info('inbound messages polled', { ...poll });
    polls.push(poll);
  }
  return polls;
};

/** An account whose marks cannot be read or written must not hold up the others. */
const tryAccount = async (
  accountSid: string,
  command: PollCommand,
  ports: PollPorts,
  settings: PollSettings,
): Promise<AccountPoll> => {
  try {
    return await pollAccount(accountSid, command, ports, settings);
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    ports.observer.error('inbox unavailable', error, { accountSid });
    return { accountSid, outcome: 'unavailable', repaired: 0, unreadable: 0 };
  }
};

/** What an earlier poll had to leave comes first, then what leads to now. */
const pollAccount = async (
  accountSid: string,
  command: PollCommand,
  ports: PollPorts,
  settings: PollSettings,
): Promise<AccountPoll> => {
  const keep = keeper(accountSid, command, ports);
  let stored = (await readMark(ports.inbox, accountSid)) ?? (await keep(firstMark(ports.clock()), 0));
  let counts = { repaired: 0, unreadable: 0 };
  while (stored !== undefined) {
    const { mark, version }: StoredMark = stored;
    const sweep = nextSweep(mark, ports.clock(), settings.retentionDays);
    const report = await sweepMessages({ ...command, ...settings, accountSid, sweep }, ports);
    const { end } = report;
    counts = {
      repaired: counts.repaired + report.repaired,
      unreadable: counts.unreadable + report.unreadable,
    };
    stored = await keep(markAfter(mark, sweep, end), version);
    if (end.kind !== 'swept' || mark.unfinished === undefined)
      return { accountSid, outcome: stored === undefined ? 'overtaken' : end.kind, ...counts };
  }
  return { accountSid, outcome: 'overtaken', ...counts };
};

/** Writes the mark, and tells how old it is: the age is the alarm's measure. */
const keeper =
  (accountSid: string, { owner }: PollCommand, { inbox, clock, observer }: PollPorts) =>
  async (mark: PollMark, before: number): Promise<StoredMark | undefined> => {
    observer.duration(METRICS.inboundPollAge, Math.max(0, clock() - mark.through));
    return writeMark(inbox, { accountSid, owner, before }, mark);
  };
