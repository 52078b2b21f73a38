import type { CarrierOutcome } from './carrier-outcome.ts';
import type { Faults } from './faults.ts';
import type { MessageStatus } from './message.ts';
import type { Random } from './random.ts';

/** Milliseconds after the start of the delivery at which a status is reached. */
interface DeliveryTiming {
  readonly queuedMs: number;
  readonly sendingMs: number;
  readonly sentMs: number;
  readonly deliveredMs: number;
  readonly readMs: number;
}

export interface PlannedStatus {
  readonly status: MessageStatus;
  readonly at: number;
  readonly errorCode?: number | undefined;
}

export interface PlannedCallback extends PlannedStatus {
  /** When each copy is sent; more than one where the callback is repeated. */
  readonly deliverAt: readonly number[];
  readonly lost: boolean;
}

export interface DeliveryPlan {
  readonly statuses: readonly PlannedStatus[];
  readonly callbacks: readonly PlannedCallback[];
  /** When the handset shows the message, if it ever does. */
  readonly handsetAt?: number | undefined;
  /** The first callback is delivered before the create request is answered. */
  readonly firstCallbackBeforeResponse: boolean;
}

export interface DeliveryPlanInput {
  readonly random: Random;
  readonly outcome: CarrierOutcome;
  readonly faults: Faults;
  readonly timing: DeliveryTiming;
  readonly startAt: number;
  /** The status that the create answer shows: no callback is sent for it. */
  readonly initialStatus: MessageStatus;
}

/** Everything that will happen to an accepted message, decided at once from the seed. */
export function planDelivery(input: DeliveryPlanInput): DeliveryPlan {
  const outcome = withCarrierFaults(input);
  const statuses = statusesOf(outcome, input);
  const reported = outcome.kind === 'delivered-in-silence' ? [] : statuses.filter(isReported);
  return {
    statuses,
    callbacks: planCallbacks(reported, input),
    handsetAt: handsetAt(outcome, statuses),
    firstCallbackBeforeResponse: input.random.chance(input.faults.callbackBeforeResponse),
  };
}

/** Twilio lists `sending` among the statuses, but no callback for it is on record (assumption). */
const isReported = ({ status }: PlannedStatus) => status !== 'sending';

function withCarrierFaults({ random, faults, outcome }: DeliveryPlanInput): CarrierOutcome {
  const undelivered = random.chance(faults.undelivered);
  const noReceipt = random.chance(faults.noDeliveryReceipt);
  if (outcome.kind !== 'delivered') return outcome;
  if (undelivered) return { kind: 'undelivered', errorCode: 30008 };
  return noReceipt ? { kind: 'sent-without-receipt' } : outcome;
}

function statusesOf(outcome: CarrierOutcome, input: DeliveryPlanInput): PlannedStatus[] {
  const { timing, startAt, initialStatus } = input;
  const queued: PlannedStatus = { status: 'queued', at: startAt + timing.queuedMs };
  const sending: PlannedStatus = { status: 'sending', at: startAt + timing.sendingMs };
  const sent: PlannedStatus = { status: 'sent', at: startAt + timing.sentMs };
  const final = (status: MessageStatus, errorCode?: number): PlannedStatus => ({
    status,
    at: startAt + timing.deliveredMs,
    ...(errorCode === undefined ? {} : { errorCode }),
  });
  const before = initialStatus === 'queued' ? [] : [queued];
  switch (outcome.kind) {
    case 'delivered':
      return [
        ...before,
        sending,
        sent,
        final('delivered'),
        ...(outcome.read ? [{ status: 'read', at: startAt + timing.readMs } as const] : []),
      ];
    case 'delivered-in-silence':
      return [...before, sending, sent, final('delivered')];
    case 'sent-without-receipt':
      return [...before, sending, sent];
    case 'stuck':
      return outcome.status === 'queued' ? before : [...before, sending];
    case 'undelivered':
      return [...before, sending, sent, final('undelivered', outcome.errorCode)];
    case 'failed':
      return [...before, { ...final('failed', outcome.errorCode), at: startAt + timing.sentMs }];
  }
}

type CallbackFaults = Pick<DeliveryPlanInput, 'random' | 'faults'>;

/** When the callbacks for these statuses are sent, how often, and which never are. */
export function planCallbacks(statuses: readonly PlannedStatus[], input: CallbackFaults): PlannedCallback[] {
  return reorder(
    statuses.map((status) => planCallback(status, input)),
    input,
  );
}

function planCallback(status: PlannedStatus, { random, faults }: CallbackFaults): PlannedCallback {
  const lost = random.chance(faults.callbackLost);
  const repeated = random.chance(faults.callbackDuplicate);
  const delay = () =>
    faults.callbackDelayMs ? random.between(faults.callbackDelayMs.min, faults.callbackDelayMs.max) : 0;
  const first = status.at + delay();
  const copies = repeated ? [first, first + random.between(1, 1000) + delay()] : [first];
  return { ...status, lost, deliverAt: lost ? [] : copies };
}

/** A reordered message has its callbacks delivered last first, at the times that were planned for the others. */
function reorder(callbacks: PlannedCallback[], { random, faults }: CallbackFaults): PlannedCallback[] {
  if (!random.chance(faults.callbackReorder)) return callbacks;
  const heard = callbacks.filter(({ lost }) => !lost);
  const times = heard.map(({ deliverAt }) => deliverAt).reverse();
  return callbacks.map((callback) =>
    callback.lost
      ? callback
      : { ...callback, deliverAt: times[heard.indexOf(callback)] ?? callback.deliverAt },
  );
}

function handsetAt(outcome: CarrierOutcome, statuses: readonly PlannedStatus[]): number | undefined {
  const atStatus = (wanted: MessageStatus) => statuses.find(({ status }) => status === wanted)?.at;
  switch (outcome.kind) {
    case 'delivered':
    case 'delivered-in-silence':
      return atStatus('delivered');
    case 'sent-without-receipt':
      return atStatus('sent');
    case 'undelivered':
      return outcome.afterDelivery ? atStatus('undelivered') : undefined;
    case 'stuck':
    case 'failed':
      return undefined;
  }
}
