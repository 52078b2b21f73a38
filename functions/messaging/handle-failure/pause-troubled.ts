import type { Trouble } from '../../shared/contract/error-policy-schema.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { StoreUnavailableError } from '../../shared/ports/table-client.ts';
import { judgeTrouble, type TroubleVerdict, windowStart } from '../domain/pool-trouble.ts';
import { changeSending } from '../domain/sending-control.ts';
import { type StorePorts, transactOnItem } from '../intent-store.ts';
import { readHealth, readLastStop, stopPut } from '../pool-health.ts';
import { readSendingControl, sendingControlPut } from '../sending-control-store.ts';

export interface PausePorts extends StorePorts {
  readonly clock: Clock;
}

/** No API client can have this name: it stands where an operator's would. */
export const POOL_WATCH = 'trunkline/pool-watch';

export interface Watched {
  /** What is counted together, and stopped together. */
  readonly scope: string;
  readonly trouble: string;
  readonly rule: Trouble;
  readonly errorCode: number;
}

const TRIES = 5;

/** Pauses a scope that is in trouble, as an operator would; another pause of it stands as it is. */
export async function pauseTroubled(watched: Watched, ports: PausePorts): Promise<'paused' | 'left'> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const now = ports.clock();
    const verdict = await judge(watched, now, ports);
    if (!verdict.isInTrouble) return 'left';
    const control = await readSendingControl(ports.tables);
    const wanted = { scope: watched.scope, state: 'paused', by: POOL_WATCH, isConfirmed: false } as const;
    const change = changeSending(control, { ...wanted, reason: reasonOf(watched, verdict) }, now);
    if (change.kind !== 'changed') return 'left';
    const written = await transactOnItem(
      [sendingControlPut(control, change), stopPut(watched.scope, now)],
      ports,
    );
    if (written.kind === 'written') return 'paused';
  }
  throw new StoreUnavailableError('the sending control kept changing under the pool watch');
}

async function judge({ scope, trouble, rule }: Watched, now: number, { tables }: PausePorts) {
  const [since, counts] = await Promise.all([
    readLastStop(tables, scope),
    readHealth(tables, { scope, trouble, from: windowStart(rule, now) }),
  ]);
  return judgeTrouble(counts, rule, { now, since });
}

const reasonOf = (
  { trouble, rule: { windowMinutes }, errorCode }: Watched,
  { failed, sent }: TroubleVerdict,
): string =>
  `${trouble}: ${failed} of about ${sent} messages of the last ${windowMinutes} minutes failed, the last with error ${errorCode}`;
