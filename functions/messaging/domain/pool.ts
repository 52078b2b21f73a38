import type { MessagePool, SendChannel, SenderPool, TrafficClass } from '../../shared/contract/settings.ts';

export interface PoolChoice {
  readonly channel: SendChannel | 'auto';
  readonly trafficClass: TrafficClass;
  readonly use?: string;
}

/**
 * The pool for a message: of its channel and traffic class, the one for its use; where it names none, the one that has none,
 * else the first. `auto` is SMS: WhatsApp needs an open session or an approved template.
 */
export function choosePool(
  pools: readonly SenderPool[],
  { channel, trafficClass, use }: PoolChoice,
): MessagePool | undefined {
  const wanted = channel === 'auto' ? 'sms' : channel;
  const fitting = pools
    .filter((pool) => pool.channel !== 'voice')
    .filter((pool) => pool.channel === wanted && pool.trafficClass === trafficClass);
  const exact = fitting.find((pool) => pool.use === use);
  return use === undefined ? (exact ?? fitting[0]) : exact;
}
