import { HOOK_ROUTES } from '../../../functions/shared/contract/routes.ts';
import { postWebhook } from '../twilio/webhooks.ts';
import { ACCOUNT, HOOKS_ORIGIN } from '../world/settings.ts';
import type { World } from '../world/world.ts';

const MINUTE = 60_000;
const TEXTS = [
  'hours',
  'Open',
  'hello',
  'is my order ready?',
  'STOP',
  'help',
  'thanks \u{1f44b}',
  'a&b=c+d%20e',
];

/** People who text us, some of them twice in a breath; and somebody who forges. */
export const startPhones = (world: World, count: number): void => {
  const random = world.random('phones');
  for (let number = 0; number < count; number += 1) {
    const from = `+1555010${String(2_000 + random.below(Math.max(4, Math.ceil(count / 2))))}`;
    const text = random.pick(TEXTS);
    const at = world.now + random.between(0, 10 * MINUTE);
    world.scheduler.at(at, () => world.twilio.receiveText(from, text));
    if (random.chance(0.1))
      world.scheduler.at(at + random.between(0, 500), () => world.twilio.receiveText(from, text));
  }
};

const REVOCATIONS = [
  'STOP',
  'stop',
  'please stop texting me',
  'take me off your list',
  'Unsubscribe',
  'opt out',
];

/** People whom the API clients write to, and who have had enough while the messages are on their way; some come back. */
export const startRevokers = (world: World, count: number): void => {
  const random = world.random('revokers');
  for (let number = 0; number < count; number += 1) {
    const from = `+1555010${String(1_000 + random.below(40))}`;
    const at = world.now + random.between(0, 12 * MINUTE);
    world.scheduler.at(at, () => world.twilio.receiveText(from, random.pick(REVOCATIONS)));
    if (random.chance(0.3))
      world.scheduler.at(at + random.between(0, 3 * MINUTE), () => world.twilio.receiveText(from, 'START'));
    if (random.chance(0.2))
      world.scheduler.at(at + random.between(0, 2 * MINUTE), () =>
        world.twilio.receiveText(from, 'wrong number'),
      );
  }
};

export const startForgers = (world: World, count: number): void => {
  const random = world.random('forgers');
  for (let number = 0; number < count; number += 1) {
    world.scheduler.at(world.now + random.between(0, 20 * MINUTE), () => forge(world));
  }
};

const forge = (world: World): void => {
  const sid = `SM${world.random('forgers').hex(32)}`;
  const url = `${HOOKS_ORIGIN}${HOOK_ROUTES.inboundMessage.replace('{accountSid}', ACCOUNT)}`;
  const parameters = [
    ['MessageSid', sid],
    ['AccountSid', ACCOUNT],
    ['From', '+15550102999'],
    ['To', '+15550190000'],
    ['Body', 'hours'],
  ] as const;
  postWebhook(world, { url, parameters, about: `${sid} forged`, token: 'guessed' }, (status) => {
    world.coverage.reach(`reached: forged webhook answered ${status}`);
    if (status < 300) world.violate('forged-webhook-accepted', `answered with ${status}`, sid);
  });
};
