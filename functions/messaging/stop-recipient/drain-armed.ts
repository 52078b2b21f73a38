import { SWEEP_ARMED_AFTER_MILLISECONDS } from '../domain/timing.ts';
import { readRecipientIntents } from '../evidence-rows.ts';
import { readIntent } from '../intent-store.ts';
import type { StopPorts } from './stop-recipient.ts';

/** Clocks differ by less than this. */
const SKEW_MILLISECONDS = 5_000;

/** Whether a message to one of the addresses may be on its way to Twilio this very moment; its pointers are read strongly. */
export async function isArmedAny(addresses: readonly string[], ports: StopPorts): Promise<boolean> {
  const now = ports.clock();
  const since = now - SWEEP_ARMED_AFTER_MILLISECONDS - SKEW_MILLISECONDS;
  for (const address of addresses) {
    for (const intentId of await readRecipientIntents(ports.tables, address, since)) {
      const intent = await readIntent(ports.tables, intentId);
      if (intent?.state === 'ARMED' && (intent.attempt?.armedAt ?? 0) >= since) return true;
    }
  }
  return false;
}
