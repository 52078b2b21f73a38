import { setTimeout as wait } from 'node:timers/promises';
import { AcceptedMessage } from '../../functions/shared/contract/api/messages.ts';
import type { Application } from './application.ts';

/** Requests in flight at once. */
const PARALLEL = 8;
/** A machine that is busy with other things answers late; only silence for so long is a failure. */
const PATIENCE_MILLISECONDS = 15 * 60_000;
const LONGEST_PAUSE_MILLISECONDS = 5_000;

/** The last four digits mean nothing to the simulator (docs/simulator.md): all are delivered. */
const recipient = (index: number): string => `+1555${String(index % 1_000).padStart(3, '0')}5555`;

/** Sends every message under its own key; a request that gets no answer is repeated with the same key. */
export async function sendAll(
  application: Application,
  count: number,
  { say, requested }: { readonly say: (text: string) => void; readonly requested: (index: number) => void },
) {
  const ids: string[] = [];
  let next = 0;
  let retries = 0;
  const sendOne = async (index: number): Promise<string> => {
    const startedAt = Date.now();
    for (let attempt = 1; ; attempt += 1) {
      const response = await post(application, index).catch(() => undefined);
      if (response?.status === 202) return AcceptedMessage.parse(await response.json()).id;
      if (response !== undefined && response.status < 500 && response.status !== 401)
        throw new Error(`refused: ${await response.text()}`);
      if (Date.now() - startedAt > PATIENCE_MILLISECONDS)
        throw new Error(`message ${index} was never accepted`);
      retries += 1;
      await wait(Math.min(100 * attempt, LONGEST_PAUSE_MILLISECONDS));
    }
  };
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      ids.push(await sendOne(index));
      // Every twentieth is asked for again: the same key must give the same intent.
      if (index % 20 === 0) ids.push(await sendOne(index));
      requested(index);
      if (index % 500 === 499) say(`${index + 1} requested`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return { ids: [...new Set(ids)], retries };
}

const post = (application: Application, index: number): Promise<Response> =>
  application.fetch('/v1/messages', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `soak-${index}` },
    body: JSON.stringify({ to: recipient(index), body: `soak message ${index}`, trafficClass: 'otp' }),
  });
