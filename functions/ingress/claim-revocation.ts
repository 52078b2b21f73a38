import { SecretUnavailableError } from '../shared/ports/account-secrets.ts';
import { type Item, StoreUnavailableError, type TransactionResult } from '../shared/ports/table-client.ts';
import { type ClaimOutcome, claimPut, claimWebhook, judgeConflict, type Webhook } from './claim-webhook.ts';
import type { ClaimPorts, IngressSettings } from './ports.ts';

/**
 * A STOP (protocols: 3): claim and opt-out in one transaction, tried anew under conflicts for up to 4 s. After that the
 * opt-out alone, then the claim: a sender who asked to be left alone is answered only once that holds.
 *
 *   0 ├────────── transaction ──────────┤ 4 s ├── opt-out ──┤ 6.5 s ├── claim ──┤ 9 s     the function ends at 10 s
 */
const PATIENCE_MILLISECONDS = 4_000;
const FIRST_PAUSE_MILLISECONDS = 25;
const LONGEST_PAUSE_MILLISECONDS = 400;

export const claimRevocation = async (
  webhook: Webhook,
  ports: ClaimPorts,
  settings: Pick<IngressSettings, 'retentionDays'>,
): Promise<ClaimOutcome> => {
  const barrier = await barrierOf(webhook, ports);
  if (barrier === undefined) return 'store-unavailable';
  const claim = claimPut(webhook, settings.retentionDays);
  const joined = await claimTogether(webhook, [claim, barrier], ports);
  if (joined !== 'undecided') return joined;
  ports.observer.warn('opt-out written apart from its claim', { route: webhook.path.route });
  if (!(await isWritten(barrier, webhook, ports))) return 'store-unavailable';
  const claimed = await claimWebhook(webhook, ports, settings);
  // The opt-out holds; the poll of Twilio's list makes up for a message without a claim.
  return claimed === 'store-unavailable' ? 'accepted' : claimed;
};

type Barrier = Awaited<ReturnType<ClaimPorts['barrier']>>;

const barrierOf = async (webhook: Webhook, ports: ClaimPorts): Promise<Barrier | undefined> => {
  const { revocation } = webhook.claim;
  if (revocation === undefined) throw new Error('a claim without a revocation has no barrier');
  try {
    const { receivedAt, path } = webhook;
    const stamp = ports.randomness.token();
    return await ports.barrier({ ...revocation, accountSid: path.accountSid, receivedAt, stamp });
  } catch (error) {
    if (!(error instanceof SecretUnavailableError)) throw error;
    ports.observer.error('the key of addresses is unavailable', error, { route: webhook.path.route });
    return undefined;
  }
};

const claimTogether = async (
  webhook: Webhook,
  [claim, barrier]: readonly [ReturnType<typeof claimPut>, Barrier],
  ports: ClaimPorts,
): Promise<ClaimOutcome | 'undecided'> => {
  const endsAt = ports.clock() + PATIENCE_MILLISECONDS;
  for (let tries = 0; ; tries += 1) {
    const result = await transact([claim, barrier], endsAt - ports.clock(), ports);
    if (result?.kind === 'committed') return 'accepted';
    const existing = result === undefined ? undefined : conflictOf(result);
    // What stands in the way of the claim decides, whatever the other action says.
    if (existing !== undefined) return judgeConflict(webhook, existing);
    const ceiling = Math.min(LONGEST_PAUSE_MILLISECONDS, FIRST_PAUSE_MILLISECONDS * 2 ** tries);
    const pause = ceiling * ports.randomness.fraction();
    if (ports.clock() + pause >= endsAt) return 'undecided';
    await ports.sleep(pause);
  }
};

const transact = async (
  actions: Parameters<ClaimPorts['inbox']['transact']>[0],
  withinMilliseconds: number,
  { inbox }: ClaimPorts,
): Promise<TransactionResult | undefined> => {
  try {
    return await inbox.transact(actions, { withinMilliseconds });
  } catch (error) {
    if (error instanceof StoreUnavailableError) return undefined;
    throw error;
  }
};

const conflictOf = (result: Extract<TransactionResult, { kind: 'canceled' }>): Item | undefined => {
  const [claim] = result.reasons;
  return claim?.code === 'condition-failed' ? (claim.existing ?? {}) : undefined;
};

const isWritten = async (
  barrier: Barrier,
  webhook: Webhook,
  { inbox, observer }: ClaimPorts,
): Promise<boolean> => {
  try {
    await inbox.put(barrier);
    return true;
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    observer.error('opt-out could not be written', error, { route: webhook.path.route });
    return false;
  }
};
