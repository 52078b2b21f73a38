import { setTimeout as wait } from 'node:timers/promises';
import { MessageView } from '../../functions/shared/contract/api/messages.ts';
import type { Application } from './application.ts';

const FINAL = new Set(['delivered', 'undelivered', 'failed', 'canceled']);
const ROUND_MILLISECONDS = 10_000;
const PARALLEL = 4;
/** A round ends after so many that are still open: while the backlog is long, reading all of it would only slow it down. */
const OPEN_PER_ROUND = 200;

const isSettled = ({ state, status }: MessageView): boolean =>
  state === 'ACCEPTED'
    ? FINAL.has(status ?? '')
    : ['REJECTED', 'EXPIRED', 'SUPPRESSED', 'PARKED'].includes(state);

export interface SettleOptions {
  /** Gives up when not one more intent has settled for so long; a busy machine only makes it slower. */
  readonly stallMinutes: number;
  readonly say: (text: string) => void;
}

/** Reads the intents, oldest first, until all are settled; what is not when nothing moves any more is returned as it is. */
export async function waitUntilSettled(
  application: Application,
  ids: readonly string[],
  { stallMinutes, say }: SettleOptions,
): Promise<readonly MessageView[]> {
  const settled = new Map<string, MessageView>();
  let open = [...ids];
  let movedAt = Date.now();
  while (open.length > 0) {
    const before = settled.size;
    const still = await readRound(application, open, settled);
    open = still.sort((one, other) => one.order - other.order).map(({ id }) => id);
    if (settled.size > before) movedAt = Date.now();
    say(`${settled.size} of ${ids.length} settled`);
    if (Date.now() - movedAt > stallMinutes * 60_000) break;
    if (open.length > 0) await wait(ROUND_MILLISECONDS);
  }
  const rest = await Promise.all(open.map((id) => read(application, id)));
  return [...settled.values(), ...rest.filter((view) => view !== undefined)];
}

interface Open {
  readonly id: string;
  readonly order: number;
}

/** @returns those that are not settled; what was found open goes behind what was not looked at */
async function readRound(
  application: Application,
  ids: readonly string[],
  settled: Map<string, MessageView>,
): Promise<Open[]> {
  const still: Open[] = [];
  let next = 0;
  let found = 0;
  const worker = async (): Promise<void> => {
    while (next < ids.length && found < OPEN_PER_ROUND) {
      const order = next;
      const id = ids[order] ?? '';
      next += 1;
      const view = await read(application, id);
      if (view !== undefined && isSettled(view)) settled.set(id, view);
      else {
        found += 1;
        still.push({ id, order: order + ids.length });
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return [...still, ...ids.slice(next).map((id, index) => ({ id, order: next + index }))];
}

/** Undefined where it could not be read: it is asked for again. */
async function read(application: Application, id: string): Promise<MessageView | undefined> {
  try {
    const response = await application.fetch(`/v1/messages/${id}`);
    return response.ok ? MessageView.parse(await response.json()) : undefined;
  } catch {
    return undefined;
  }
}
