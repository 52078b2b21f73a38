import type { ConsentSettings } from '../../shared/contract/consent-settings.ts';
import type { EventOf } from '../../shared/contract/events.ts';
import type { MessagePool, SenderPool } from '../../shared/contract/settings.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { ContactAddresses } from '../../shared/ports/contact-addresses.ts';
import { type Confirmation, confirmationOf } from '../domain/stopping.ts';
import type { StorePorts } from '../intent-store.ts';
import { concludeStop } from './conclude-stop.ts';
import { isArmedAny } from './drain-armed.ts';
import { type Marked, markPending } from './mark-pending.ts';

type OptedOut = EventOf<'consent.opted-out.v1'>;

export interface StopPorts extends StorePorts {
  readonly clock: Clock;
  readonly addresses: ContactAddresses;
}

export interface StopCommand {
  readonly owner: string;
  readonly remainingMilliseconds: () => number;
}

export type StopOutcome =
  | ({ readonly kind: 'stopped'; readonly confirmed: Confirmation['by'] } & Marked)
  | { readonly kind: 'done-before' }
  /** To be gone on with: what is marked stays so. */
  | { readonly kind: 'out-of-time' };

/** What drains takes at most: an armed message is swept after 30 s. */
const NEEDED_TO_DRAIN_MILLISECONDS = 40_000;
const LOOK_AGAIN_MILLISECONDS = 500;

/**
 * After an opt-out, in this order (protocols: 3): what is pending is marked and what Twilio has scheduled is called off, the nearest
 * first; what was armed before the opt-out is waited for; then it is confirmed, once.
 */
export async function stopRecipient(
  event: OptedOut,
  command: StopCommand,
  settings: { readonly pools: readonly SenderPool[]; readonly consent: Pick<ConsentSettings, 'optOutText'> },
  ports: StopPorts,
): Promise<StopOutcome> {
  const addresses = await ports.addresses(event.data.contactId);
  const marked = await markPending(addresses, event.data.scope, command, ports);
  if (marked === 'out-of-time') return { kind: 'out-of-time' };
  while (await isArmedAny(addresses, ports)) {
    if (command.remainingMilliseconds() < NEEDED_TO_DRAIN_MILLISECONDS / 4) return { kind: 'out-of-time' };
    await ports.sleep(LOOK_AGAIN_MILLISECONDS);
  }
  const pool = poolOf(event, settings.pools);
  const confirmed = confirmationOf(event.data, pool);
  const [to] = addresses;
  const text = { to, body: settings.consent.optOutText, pool };
  return concludeStop(event, { marked, confirmed, text, owner: command.owner }, ports);
}

/** The pool that the message came to; else the account's transactional one. */
function poolOf(event: OptedOut, pools: readonly SenderPool[]): MessagePool | undefined {
  const own = pools
    .filter((pool) => pool.channel !== 'voice')
    .filter(({ accountSid }) => accountSid === event.accountSid);
  return (
    own.find(({ messagingServiceSid }) => messagingServiceSid === event.data.messagingServiceSid) ??
    own.find(({ channel, trafficClass }) => channel === 'sms' && trafficClass === 'transactional')
  );
}
