import { type ErrorPolicy, errorPolicyOf, troubleOf } from '../../shared/contract/error-policy.ts';
import type { EventOf } from '../../shared/contract/events.ts';
import { METRICS } from '../../shared/contract/metrics.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { StoreUnavailableError, type WriteAction } from '../../shared/ports/table-client.ts';
import type { Moment } from '../domain/advance.ts';
import { isCall, type MessageIntent } from '../domain/intent.ts';
import { request } from '../domain/lifecycle.ts';
import { troubleScope } from '../domain/pool-trouble.ts';
import { planRetry, retryIntent } from '../domain/retrying.ts';
import { EVIDENCE_RETENTION_SECONDS } from '../domain/timing.ts';
import { intentIdOf } from '../draft-intent.ts';
import { intentPut, isAbsent, readIntent, transactOnItem } from '../intent-store.ts';
import { failurePut } from '../pool-health.ts';
import { type PausePorts, pauseTroubled, type Watched } from './pause-troubled.ts';

export interface FailurePorts extends PausePorts {
  readonly observer: Observer;
}

export type Failure = EventOf<'message.rejected.v1'> | EventOf<'message.failed.v1'>;

export type FailureOutcome =
  | { readonly kind: 'handled'; readonly retryId?: string; readonly paused: boolean }
  /** The intent is gone: the event is broken. */
  | { readonly kind: 'missing' };

/** No API client can have this name: it shares the space of intent ids with them. */
const RETRIES = 'trunkline/retries';

/** What the error policy makes of one failed message: counted, sent again or not, its pool watched. Once an error. */
export async function handleFailure(
  event: Failure,
  owner: string,
  ports: FailurePorts,
): Promise<FailureOutcome> {
  const intent = await readIntent(ports.tables, event.data.intentId);
  if (intent === undefined || isCall(intent)) return { kind: 'missing' };
  if (event.data.errorCode === undefined) return { kind: 'handled', paused: false };
  const policy = errorPolicyOf(event.data.errorCode);
  const watched = watchedOf(intent, policy);
  const effect = await makeEffect({ event, intent, policy, watched, owner }, ports);
  // Looked at after a repeat too: the first delivery may have ended between its effect and this.
  const paused = watched !== undefined && (await pauseTroubled(watched, ports)) === 'paused';
  if (paused) ports.observer.count(METRICS.poolPaused, 1, policy.pool);
  return { kind: 'handled', ...effect, paused };
}

function watchedOf(intent: MessageIntent, { pool: trouble, code }: ErrorPolicy): Watched | undefined {
  const rule = troubleOf(trouble);
  return rule === undefined
    ? undefined
    : { scope: troubleScope(intent, rule), trouble, rule, errorCode: code };
}

interface Effect {
  readonly event: Failure;
  readonly intent: MessageIntent;
  readonly policy: ErrorPolicy;
  readonly watched: Watched | undefined;
  readonly owner: string;
}

const TRIES = 6;

/** Effect row, count and second try in one transaction: all of it, once. */
async function makeEffect(effect: Effect, ports: FailurePorts): Promise<{ readonly retryId?: string }> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const moment = { now: ports.clock(), owner: effect.owner, jitter: ports.random.fraction() };
    const retry = retryOf(effect, moment);
    const actions = [
      effectPut(effect, moment),
      ...(retry === undefined ? [] : [intentPut(undefined, request(retry))]),
      ...(await countOf(effect, ports)),
    ];
    const result = await transactOnItem(actions, ports);
    if (result.kind === 'conflict') return {};
    if (result.kind === 'written') {
      observe(effect, ports);
      return retry === undefined ? {} : { retryId: retry.id };
    }
    // Another failure was counted at the same moment: the count is read anew.
  }
  throw new StoreUnavailableError('the counts of the pool kept changing under the failure');
}

function retryOf({ event, intent }: Effect, moment: Moment): MessageIntent | undefined {
  if (event.type !== 'message.failed.v1') return undefined;
  const plan = planRetry(intent, moment);
  if (plan.kind === 'none') return undefined;
  const id = intentIdOf(RETRIES, intent.id);
  return retryIntent(intent, { id, notBefore: plan.notBefore, causationId: event.id }, moment);
}

async function countOf({ intent, watched }: Effect, ports: FailurePorts): Promise<readonly WriteAction[]> {
  if (watched === undefined) return [];
  const { scope, trouble } = watched;
  const armedAt = intent.attempt?.armedAt ?? intent.updatedAt;
  return [await failurePut({ scope, trouble, armedAt }, ports)];
}

/** One effect an error of an intent, however often and in whatever words it is told. */
function effectPut({ intent, policy }: Effect, { now, owner }: Moment): WriteAction {
  return {
    kind: 'put',
    table: 'messaging',
    item: {
      pk: `EFFECT#failures#${intent.id}#${intent.sid ?? 'refused'}#${policy.code}`,
      sk: 'EFFECT',
      owner,
      expiresAt: Math.floor(now / 1000) + EVIDENCE_RETENTION_SECONDS,
    },
    condition: isAbsent,
  };
}

function observe({ intent, policy }: Effect, { observer }: FailurePorts): void {
  const about = { intentId: intent.id, pool: intent.pool, errorCode: policy.code, class: policy.class };
  observer.info(policy.isKnown ? 'message failed' : 'message failed, unknown error code', about);
  observer.count(METRICS.failedMessage, 1, policy.class);
  if (!policy.isKnown) observer.count(METRICS.unknownErrorCode);
}
