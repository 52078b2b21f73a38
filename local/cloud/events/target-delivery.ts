import { busNameOf, functionNameOf, parseArn, queueNameOf } from '../arn.ts';
import type { Background } from '../background.ts';
import { errorText } from '../errors.ts';

export interface DeliverableTarget {
  readonly Arn: string;
  readonly SqsParameters?: { readonly MessageGroupId: string } | undefined;
  readonly DeadLetterConfig?: { readonly Arn?: string | undefined } | undefined;
  readonly RetryPolicy?:
    | {
        readonly MaximumRetryAttempts?: number | undefined;
        readonly MaximumEventAgeInSeconds?: number | undefined;
      }
    | undefined;
}

/** Where a rule or schedule can deliver to; each call is durable when it returns, or throws. */
export interface Outlets {
  sendToQueue(queueName: string, text: string, messageGroupId?: string): void;
  invokeLater(functionName: string, text: string): void;
  putOnBus(busName: string, text: string): void;
}

const FIRST_RETRY_MILLISECONDS = 200;
const SLOWEST_RETRY_MILLISECONDS = 10_000;

/** The way to a target. @throws when its ARN is of a kind that has no local engine */
export function outletOf(target: DeliverableTarget, outlets: Outlets): (text: string) => void {
  const arn = parseArn(target.Arn);
  const queue = queueNameOf(target.Arn);
  if (queue !== undefined)
    return (text) => outlets.sendToQueue(queue, text, target.SqsParameters?.MessageGroupId);
  if (arn?.service === 'lambda') return (text) => outlets.invokeLater(functionNameOf(target.Arn), text);
  if (arn?.service === 'events') return (text) => outlets.putOnBus(busNameOf(target.Arn), text);
  throw new Error(`the target ${target.Arn} has no local engine`);
}

export interface Delivery {
  readonly send: (text: string) => void;
  readonly target: DeliverableTarget;
  readonly text: string;
  /** Called with what went wrong when every attempt has failed and there is no dead-letter queue. */
  readonly onLost: (reason: string) => void;
}

/** Delivers now; what fails is tried again with growing pauses, as often and as long as the target's policy says. */
export function deliver(delivery: Delivery, outlets: Outlets, work: Background): void {
  const failure = attempt(delivery);
  if (failure !== undefined)
    work.run(`delivery to ${delivery.target.Arn}`, () => retry(delivery, failure, { outlets, work }));
}

function attempt({ send, text }: Delivery): string | undefined {
  try {
    send(text);
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}

async function retry(
  delivery: Delivery,
  firstFailure: string,
  { outlets, work }: { readonly outlets: Outlets; readonly work: Background },
): Promise<void> {
  const { MaximumRetryAttempts = 185, MaximumEventAgeInSeconds = 86_400 } = delivery.target.RetryPolicy ?? {};
  const deadline = Date.now() + MaximumEventAgeInSeconds * 1000;
  let failure = firstFailure;
  for (let retries = 0; retries < MaximumRetryAttempts && Date.now() < deadline; retries += 1) {
    await work.pause(Math.min(SLOWEST_RETRY_MILLISECONDS, FIRST_RETRY_MILLISECONDS * 2 ** retries));
    if (work.signal.aborted) break;
    const again = attempt(delivery);
    if (again === undefined) return;
    failure = again;
  }
  const deadLetters = queueNameOf(delivery.target.DeadLetterConfig?.Arn ?? '');
  if (deadLetters === undefined) delivery.onLost(failure);
  else outlets.sendToQueue(deadLetters, delivery.text);
}
