import type { MessageRecord } from '../domain/message.ts';
import { planCallbacks } from '../domain/plan-delivery.ts';
import { type TwilioError, twilioError } from '../domain/twilio-error.ts';
import { scheduleCallbacks } from './accept-message.ts';
import { changeStatus } from './change-status.ts';
import { faultRandom, type World } from './world.ts';

/** Only what is still scheduled can be called off; Twilio tells it by a `canceled` callback. */
export function cancelMessage(world: World, message: MessageRecord): TwilioError | undefined {
  if (message.status !== 'scheduled') {
    return twilioError(30409, 'This message cannot be canceled');
  }
  changeStatus(world, message, { status: 'canceled' });
  const callbacks = planCallbacks([{ status: 'canceled', at: world.clock.now() }], {
    random: faultRandom(world, 'cancel'),
    faults: world.state.faults,
  });
  scheduleCallbacks(world, message, callbacks, false);
  return undefined;
}
