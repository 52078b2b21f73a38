import * as z from 'zod';
import type { SenderPool } from '../../shared/contract/settings.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Randomness, Sleep } from '../../shared/ports/randomness.ts';
import type { Item, PutClient } from '../../shared/ports/table-client.ts';
import { lease, nextTryAt, type RateCounter, wantedTokens } from '../domain/rate-window.ts';
import { isAbsent, isAtVersion } from '../intent-store.ts';

export type TakenTokens =
  /** `at`: the instant for which they were taken, epoch milliseconds. */
  | { readonly kind: 'taken'; readonly at: number }
  | { readonly kind: 'none'; readonly rate: number; readonly tryAgainAt: number };

/** The rates of the pools as one sender sees them. */
export interface PoolPacer {
  /** Takes tokens for one message of a pool; a pool without a registered rate has as many as it likes. */
  take(pool: string, tokens: number): Promise<TakenTokens>;
}

export interface PacerPorts {
  readonly tables: PutClient;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly sleep: Sleep;
}

/** What a sandbox has of a pool: tokens of one second, and the counter as it saw it last. */
interface Purse {
  readonly second: number;
  readonly tokens: number;
  readonly spent: number;
  /** In the second before in which it sent. */
  readonly spentBefore: number;
  readonly counter?: RateCounter;
}

const EMPTY: Purse = { second: 0, tokens: 0, spent: 0, spentBefore: 0 };

/** Senders of a pool meet at its counter: one of them wins each time, and few leases empty a second. */
const TRIES = 6;
const CONFLICT_PAUSE_MILLISECONDS = 25;

/** One for each sandbox: leased tokens of the running second are kept in memory; a lost lease is harmless. */
export function pacePools(pools: readonly SenderPool[], ports: PacerPorts): PoolPacer {
  const rates = new Map(pools.map((pool) => [pool.name, rateOf(pool)]));
  const purses = new Map<string, Purse>();
  const purseOf = (pool: string, at: number): Purse => purseAt(purses.get(pool) ?? EMPTY, secondOf(at));
  return {
    take: async (pool, tokens) => {
      const rate = rates.get(pool);
      if (rate === undefined) return { kind: 'taken', at: ports.clock() };
      for (let attempt = 0; attempt < TRIES; attempt += 1) {
        const at = ports.clock();
        const purse = purseOf(pool, at);
        if (purse.tokens >= tokens) {
          purses.set(pool, { ...purse, tokens: purse.tokens - tokens, spent: purse.spent + tokens });
          return { kind: 'taken', at };
        }
        const leased = await leaseFor(purse, { pool, tokens, rate, at }, ports);
        if (leased.kind === 'none') return leased;
        purses.set(pool, filled(purseOf(pool, at), leased));
        if (leased.kind === 'conflict')
          await ports.sleep(ports.random.fraction() * CONFLICT_PAUSE_MILLISECONDS);
      }
      return none(secondOf(ports.clock()) + 1, tokens, rate, ports);
    },
  };
}

/** Messages are paced by their segments, calls by their number. */
const rateOf = (pool: SenderPool): number | undefined =>
  pool.channel === 'voice' ? pool.callsPerSecond : pool.segmentsPerSecond;

interface Demand {
  readonly pool: string;
  readonly tokens: number;
  readonly rate: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

type Leased =
  | { readonly kind: 'leased'; readonly tokens: number; readonly counter: RateCounter }
  | { readonly kind: 'conflict'; readonly counter: RateCounter | undefined }
  | Extract<TakenTokens, { kind: 'none' }>;

/** The counter may be an old one: then the put conflicts, and brings the present one. */
async function leaseFor(purse: Purse, demand: Demand, ports: PacerPorts): Promise<Leased> {
  const { pool, tokens, rate, at } = demand;
  const least = tokens - purse.tokens;
  const most = wantedTokens(least, rate, { spentBefore: purse.spentBefore, now: at });
  const leased = lease(purse.counter, { second: purse.second, rate, least, most });
  if (leased.kind === 'none') return none(leased.second, tokens, rate, ports);
  const written = await ports.tables.put({
    table: 'messaging',
    item: { ...counterKey(pool), ...leased.counter },
    condition: purse.counter === undefined ? isAbsent : isAtVersion(purse.counter.version),
  });
  if (written.kind === 'written') return leased;
  const { existing } = written;
  return { kind: 'conflict', counter: existing === undefined ? undefined : StoredCounter.parse(existing) };
}

const none = (
  second: number,
  tokens: number,
  rate: number,
  ports: PacerPorts,
): TakenTokens & { kind: 'none' } => ({
  kind: 'none',
  rate,
  tryAgainAt: nextTryAt(second, tokens, rate, ports.random.fraction()),
});

const StoredCounter = z.object({ version: z.int(), window: z.int(), taken: z.int() });

const counterKey = (pool: string): Item => ({ pk: `RATE#${pool}`, sk: 'RATE' });

const secondOf = (milliseconds: number): number => Math.floor(milliseconds / 1000);

/** Tokens of another second are worth nothing. */
const purseAt = (purse: Purse, second: number): Purse =>
  purse.second === second ? purse : { ...purse, second, tokens: 0, spent: 0, spentBefore: purse.spent };

/** Beside what other messages of this sandbox leased or left meanwhile. */
function filled(purse: Purse, leased: Exclude<Leased, { kind: 'none' }>): Purse {
  const { counter: _old, ...kept } = purse;
  const tokens = purse.tokens + (leased.kind === 'leased' ? leased.tokens : 0);
  return leased.counter === undefined ? { ...kept, tokens } : { ...kept, tokens, counter: leased.counter };
}
