import { guardKey } from '../../../functions/consent/contact-keys.ts';
import type { Item } from '../../../functions/shared/ports/table-client.ts';
import { contactIdOf } from '../../../functions/shared/runtime/contact-id.ts';
import { CONTACT_KEY } from '../world/settings.ts';
import type { World } from '../world/world.ts';
import type { CommittedEvent } from './judge.ts';

/** At the very commit of an arming: nobody is armed for who has opted out, but for the one text that confirms it. */
export const judgeArming = (world: World, before: Item | undefined, after: Item): void => {
  if (after.state !== 'ARMED' || before?.state === 'ARMED') return;
  const contactId = contactIdOf(CONTACT_KEY, String(after.to));
  const guard = world.store.get('consent', guardKey(contactId, 'everything'), true);
  if (guard?.status !== 'opted-out') return;
  if (after.purpose === 'opt-out-confirmation') {
    world.coverage.reach('reached: a confirmation armed after its opt-out');
    return;
  }
  world.violate('armed-after-opt-out', `armed though ${String(guard.recordId)} opted out`, String(after.id));
};

/** At the end: every opt-out by message is confirmed at most once, and every keyword is in the ledger once. */
export const judgeOptOuts = (world: World, events: ReadonlyMap<string, CommittedEvent>): void => {
  const confirmations = new Map<string, number>();
  for (const { purpose, inReplyTo } of world.store.items('messaging'))
    if (purpose === 'opt-out-confirmation')
      confirmations.set(String(inReplyTo), (confirmations.get(String(inReplyTo)) ?? 0) + 1);
  for (const [sid, count] of confirmations)
    if (count > 1) world.violate('repeated-effect', `${count} confirmations of one opt-out`, sid);
  for (const event of events.values()) {
    if (event.type === 'consent.opted-out.v1') world.coverage.reach('reached: opted out');
    if (event.type === 'consent.opted-in.v1') world.coverage.reach('reached: opt-out lifted');
    if (event.type !== 'message.received.v1') continue;
    const { keyword, messageSid } = event.data;
    if (keyword !== 'stop' && keyword !== 'revocation' && keyword !== 'start') continue;
    const record = world.store.get('consent', { pk: `RECORD#${String(messageSid)}`, sk: 'RECORD' }, true);
    if (record === undefined)
      world.violate('lost', `a ${keyword} never came into the ledger`, String(messageSid));
  }
};
