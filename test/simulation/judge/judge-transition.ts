import type { Item } from '../../../functions/shared/ports/table-client.ts';
import { POOLS } from '../world/settings.ts';
import type { World } from '../world/world.ts';

/** What may follow what (protocols: 4); late evidence may prove acceptance whatever was decided meanwhile. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  // What the gate refuses at once is kept as refused, and never dispatched.
  nothing: ['PENDING', 'SUPPRESSED'],
  PENDING: ['PENDING', 'ARMED', 'EXPIRED', 'SUPPRESSED', 'ACCEPTED'],
  ARMED: ['PENDING', 'ACCEPTED', 'REJECTED', 'SUPPRESSED', 'UNKNOWN', 'EXPIRED'],
  UNKNOWN: ['UNKNOWN', 'ACCEPTED', 'PARKED', 'EXPIRED', 'PENDING'],
  PARKED: ['PARKED', 'ACCEPTED', 'PENDING', 'REJECTED', 'EXPIRED'],
  ACCEPTED: ['ACCEPTED', 'UNKNOWN'],
  EXPIRED: ['EXPIRED', 'ACCEPTED'],
  REJECTED: ['REJECTED'],
  SUPPRESSED: ['SUPPRESSED'],
};

export const judgeTransition = (world: World, before: Item | undefined, after: Item): void => {
  const [from, to] = [String(before?.state ?? 'nothing'), String(after.state)];
  const about = String(after.id);
  world.coverage.reach(`state: ${to}`);
  if (from !== to) world.coverage.reach(`transition: ${from} → ${to}`);
  if (from !== 'ACCEPTED' && to === 'ACCEPTED') world.coverage.reach(`evidence: ${String(after.evidence)}`);
  const isMarkedSent = world.restoredAt !== undefined && from === 'SUPPRESSED' && to === 'ACCEPTED';
  if (!(NEXT[from] ?? []).includes(to) && !isMarkedSent)
    world.violate('illegal-transition', `${from} → ${to}`, about);
  if (from === 'UNKNOWN' && to === 'PENDING' && policyOf(after) !== 'resend')
    world.violate('illegal-transition', `sent again from UNKNOWN under the policy ${policyOf(after)}`, about);
  if (from === 'ACCEPTED' && to === 'UNKNOWN' && before?.evidence !== 'list')
    world.violate('illegal-transition', 'strong evidence was displaced', about);
  if (Number(after.version) !== Number(before?.version ?? 0) + 1)
    world.violate('illegal-transition', `version ${before?.version ?? 0} → ${String(after.version)}`, about);
  if (
    before?.messageSid !== undefined &&
    after.messageSid !== before.messageSid &&
    before.evidence !== 'list'
  )
    world.violate('illegal-transition', 'another MessageSid took the place of the bound one', about);
};

const policyOf = (intent: Item): string | undefined =>
  POOLS.find(({ name }) => name === intent.pool)?.unknownOutcome.policy;
