import { channelOf } from '../domain/address.ts';
import { isFinal, type MessageRecord, type MessageStatus } from '../domain/message.ts';
import { createRandom } from '../domain/random.ts';
import { deliveryErrorMessage } from '../domain/twilio-error.ts';
import { findAccount, type World } from './world.ts';

interface NewStatus {
  readonly status: MessageStatus;
  readonly errorCode?: number | undefined;
}

/** Applies a planned status; a canceled message stays canceled, and `read` may follow `delivered`. */
export function changeStatus(world: World, message: MessageRecord, { status, errorCode }: NewStatus): void {
  const known = message.history.some((change) => change.status === status);
  if (known || (isFinal(message.status) && status !== 'read')) return;
  const now = world.clock.now();
  message.status = status;
  message.updatedAt = now;
  message.history.push({ status, at: now, ...(errorCode === undefined ? {} : { errorCode }) });
  if (message.from === null) message.from = pickSender(world, message);
  if (status === 'sent') message.sentAt = now;
  if (errorCode !== undefined) {
    message.errorCode = errorCode;
    message.errorMessage = deliveryErrorMessage(errorCode);
  }
}

/** The pool's sender for this recipient: always the same one, as Sticky Sender has it. */
function pickSender(world: World, message: MessageRecord): string | null {
  const pool = (findAccount(world, message.accountSid)?.numbers ?? []).filter(
    (number) =>
      number.messagingServiceSid === message.messagingServiceSid &&
      channelOf(number.phoneNumber) === channelOf(message.to),
  );
  const random = createRandom(world.state.seed, 'sender', message.messagingServiceSid ?? '', message.to);
  return pool[random.between(0, Math.max(0, pool.length - 1))]?.phoneNumber ?? null;
}
