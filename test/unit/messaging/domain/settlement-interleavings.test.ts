import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { viewOf } from '../../../../functions/messaging/domain/message-status.ts';
import type { SettlePolicy } from '../../../../functions/messaging/domain/settlement.ts';
import { type Fate, SettlementWorld, type TwilioSide } from '../../../fakes/messaging/settlement-world.ts';

const choice = fc.nat({ max: 11 });
const fate = fc.oneof(
  { arbitrary: fc.constantFrom<Fate>('answer-lost', 'never-arrived'), weight: 3 },
  { arbitrary: fc.constantFrom<Fate>('answered', 'refused-to-slow-down'), weight: 1 },
);
const delays = fc.tuple(fc.constantFrom(0, 1, 6), fc.constantFrom(0, 45));
const arming = fc.tuple(fc.constant('arm' as const), choice, fate, delays);

/** Anything that may happen next, in any order and any number of times. */
const step = fc.oneof(
  { arbitrary: fc.constantFrom(1, 3, 10, 30, 130, 700, 3_700), weight: 5 },
  { arbitrary: arming, weight: 3 },
  { arbitrary: fc.tuple(fc.constant('answer' as const), choice), weight: 2 },
  { arbitrary: fc.tuple(fc.constant('wake' as const), choice), weight: 4 },
  { arbitrary: fc.tuple(fc.constant('settle' as const), choice), weight: 6 },
  { arbitrary: fc.tuple(fc.constant('callBack' as const), choice, choice, fc.boolean()), weight: 3 },
  {
    arbitrary: fc.tuple(fc.constant('decide' as const), choice, fc.constantFrom('resend', 'give-up')),
    weight: 2,
  },
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function happen(world: SettlementWorld, happening: Step): void {
  if (typeof happening === 'number') world.pass(happening);
  else if (happening[0] === 'arm') world.arm(happening[1], happening[2], happening[3]);
  else if (happening[0] === 'callBack') world.callBack(happening[1], happening[2], happening[3]);
  else if (happening[0] === 'decide') world.decide(happening[1], happening[2]);
  else world[happening[0]](happening[1]);
}

const story = fc.record({
  intents: fc.integer({ min: 1, max: 3 }),
  policy: fc.constantFrom<SettlePolicy>('park', 'resend', 'expire'),
  settleSeconds: fc.constantFrom(60, 600, 3_600),
  steps: fc.array(step, { minLength: 20, maxLength: 100, size: 'max' }),
  isReversed: fc.boolean(),
});

type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

/** Plays a story to its end: all callbacks arrive at last, and time goes on until nothing comes up any more. */
function play({ intents, policy, settleSeconds, steps, isReversed }: Story): SettlementWorld {
  const world = new SettlementWorld(intents, { policy, settleSeconds });
  for (const next of steps) happen(world, next);
  const order = (messages: readonly TwilioSide[]) => (isReversed ? messages.toReversed() : messages);
  world.deliverCallbacks(order);
  expect(world.runOut()).toBe(true);
  world.deliverCallbacks(order);
  expect(world.runOut()).toBe(true);
  return world;
}

describe('in any order of answers, callbacks, lists, sweeps, decisions and resends', () => {
  test('no POST without proof or leave, no message with two intents, no open intent without an appointment', () => {
    fc.assert(
      fc.property(story, (told) => {
        expect(play(told).broken).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('every intent ends with its own messages, and with the join of what was told of the one that it has', () => {
    fc.assert(
      fc.property(story, (told) => {
        const world = play(told);
        for (const intent of world.intents.values()) {
          const own = world.messages.filter(({ intentId }) => intentId === intent.id);
          const names = [intent.sid, ...(intent.otherSids ?? [])].filter((sid) => sid !== undefined);
          expect(names.toSorted()).toEqual(own.map(({ sid }) => sid).toSorted());
          const bound = own.find(({ sid }) => sid === intent.sid);
          expect(intent.state === 'ACCEPTED').toBe(bound !== undefined);
          expect(intent.status).toEqual(bound === undefined ? undefined : viewOf(bound.reports));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('without resend and operator nobody ever has two messages', () => {
    fc.assert(
      fc.property(story, (told) => {
        const world = play({ ...told, policy: told.policy === 'resend' ? 'park' : told.policy });
        const operated = new Set(
          [...world.permissions].flatMap(([key, permission]) =>
            permission === 'operator' ? [key.split('/')[0]] : [],
          ),
        );
        for (const { id, otherSids } of world.intents.values())
          if (!operated.has(id)) expect(otherSids).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});
