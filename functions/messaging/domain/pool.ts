import type {
  CallPool,
  MessagePool,
  SendChannel,
  SenderPool,
  TrafficClass,
} from '../../shared/contract/settings.ts';

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
  const messagePools = pools.filter((pool) => pool.channel !== 'voice');
  return forUse(
    messagePools.filter((pool) => pool.channel === wanted && pool.trafficClass === trafficClass),
    use,
  );
}

/** The pool for a call, chosen in the same way. */
export const chooseCallPool = (
  pools: readonly SenderPool[],
  { trafficClass, use }: Pick<PoolChoice, 'trafficClass' | 'use'>,
): CallPool | undefined =>
  forUse(
    pools.filter((pool) => pool.channel === 'voice').filter((pool) => pool.trafficClass === trafficClass),
    use,
  );

function forUse<Pool extends SenderPool>(
  fitting: readonly Pool[],
  use: string | undefined,
): Pool | undefined {
  const exact = fitting.find((pool) => pool.use === use);
  return use === undefined ? (exact ?? fitting[0]) : exact;
}
