import type { NoAnswer } from '../../shared/ports/twilio-ledger.ts';
import type { Intent } from '../domain/intent.ts';
import {
  earliestCreationAt,
  type ListEvidence,
  type Listed,
  type Rival,
  rivalsOf,
} from '../domain/settlement.ts';
import { readBinding, readRecipientIntents } from '../evidence-rows.ts';
import { readIntent } from '../intent-store.ts';
import { listCandidates } from './list-candidates.ts';
import type { SettlePorts } from './settle-steps.ts';

type Gathered = ({ readonly kind: 'evidence' } & ListEvidence) | NoAnswer;

/**
 * What Twilio's list and our own books say: what it has to the recipient and nobody is bound to, and other open intents
 * like this one. The books are read after the list: whoever made what is listed was armed before, and is seen.
 */
export async function gatherEvidence(intent: Intent, ports: SettlePorts): Promise<Gathered> {
  const earliest = earliestCreationAt(intent);
  if (intent.to === undefined || earliest === undefined)
    return { kind: 'evidence', unbound: [], rivals: [], isComplete: true };
  const listed = await listCandidates(intent, intent.to, earliest, ports);
  if (listed.kind !== 'listed') return listed;
  const unbound: Listed[] = [];
  for (const candidate of listed.found) {
    if ((await readBinding(ports.tables, candidate.sid)) === undefined) unbound.push(candidate);
  }
  const rivals = await readRivals(intent, intent.to, earliest, ports);
  return { kind: 'evidence', unbound, rivals, isComplete: listed.isComplete };
}

async function readRivals(
  intent: Intent,
  to: string,
  earliest: number,
  ports: SettlePorts,
): Promise<readonly Rival[]> {
  const ids = await readRecipientIntents(ports.tables, to, earliest - LONGEST_WINDOW_MILLISECONDS);
  const others = await Promise.all(ids.map((id) => readIntent(ports.tables, id)));
  return others.flatMap((other) => (other === undefined ? [] : rivalsOf(intent, other)));
}

/** Whoever was armed so long before cannot have made anything that this intent's could be taken for. */
const LONGEST_WINDOW_MILLISECONDS = 15 * 60_000;
