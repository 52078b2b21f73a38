import type { SendChannel, SenderPool, TrafficClass } from '../../shared/contract/settings.ts';

/** The pool for a request. `auto` is SMS: WhatsApp needs an open session or an approved template. */
export function choosePool(
  pools: readonly SenderPool[],
  channel: SendChannel | 'auto',
  trafficClass: TrafficClass,
): SenderPool | undefined {
  const wanted = channel === 'auto' ? 'sms' : channel;
  return pools.find((pool) => pool.channel === wanted && pool.trafficClass === trafficClass);
}
