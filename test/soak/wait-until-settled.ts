import { setTimeout as wait } from 'node:timers/promises';
import type { LocalFile } from '../../bin/platform/local-file.ts';
import { MessageView } from '../../functions/shared/contract/api/messages.ts';

const FINAL = new Set(['delivered', 'undelivered', 'failed', 'canceled']);
const ROUND_MILLISECONDS = 5_000;
const PARALLEL = 8;

const isSettled = ({ state, status }: MessageView): boolean =>
  state === 'ACCEPTED'
    ? FINAL.has(status ?? '')
    : ['REJECTED', 'EXPIRED', 'SUPPRESSED', 'PARKED'].includes(state);

/** Reads every intent until it is settled; what is not after `minutes` is returned as it is. */
export async function waitUntilSettled(
  local: LocalFile,
  ids: readonly string[],
  minutes: number,
  say: (text: string) => void,
): Promise<readonly MessageView[]> {
  const settled = new Map<string, MessageView>();
  const until = Date.now() + minutes * 60_000;
  for (;;) {
    const open = ids.filter((id) => !settled.has(id));
    const views = await readAll(local, open);
    for (const view of views) if (isSettled(view)) settled.set(view.id, view);
    say(`${settled.size} of ${ids.length} settled`);
    if (settled.size === ids.length) return [...settled.values()];
    if (Date.now() > until) return [...settled.values(), ...views.filter((view) => !isSettled(view))];
    await wait(ROUND_MILLISECONDS);
  }
}

async function readAll(local: LocalFile, ids: readonly string[]): Promise<readonly MessageView[]> {
  const views: MessageView[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < ids.length) {
      const id = ids[next];
      next += 1;
      const view = await read(local, id ?? '').catch(() => undefined);
      if (view !== undefined) views.push(view);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return views;
}

async function read(local: LocalFile, id: string): Promise<MessageView | undefined> {
  const response = await fetch(`${local.applicationUrl}/v1/messages/${id}`, {
    headers: { authorization: `Bearer ${local.applicationToken}` },
  });
  return response.ok ? MessageView.parse(await response.json()) : undefined;
}
