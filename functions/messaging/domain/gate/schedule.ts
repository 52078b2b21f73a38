import { canBeScheduled } from '../scheduling.ts';
import type { GateFacts } from './facts.ts';
import { type RuleVerdict, verdictsOf } from './verdict.ts';

/** Too late for Twilio to hold it, too early to send it: a schedule must not turn into a message at once. */
export function scheduleRule({ now, send: { sendAt } }: GateFacts): RuleVerdict {
  if (sendAt === undefined) return verdictsOf('schedule', {}).pass('it has no schedule');
  const verdicts = verdictsOf('schedule', { sendAt: new Date(sendAt).toISOString() });
  if (sendAt <= now) return verdicts.pass('its time has come');
  return canBeScheduled(sendAt, now)
    ? verdicts.pass('Twilio holds it until its time')
    : verdicts.hold('it missed its hand-over to Twilio, and is sent at its time', sendAt);
}
