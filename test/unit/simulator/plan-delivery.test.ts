import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { CarrierOutcome } from '../../../local/twilio/domain/carrier-outcome.ts';
import { type FaultsInput, faultsSchema } from '../../../local/twilio/domain/faults.ts';
import { planDelivery } from '../../../local/twilio/domain/plan-delivery.ts';
import { createRandom } from '../../../local/twilio/domain/random.ts';
import { holdsForAll } from './support/holds-for-all.ts';

const timing = { queuedMs: 20, sendingMs: 40, sentMs: 100, deliveredMs: 400, readMs: 800 };
const outcomes: CarrierOutcome[] = [
  { kind: 'delivered', read: false },
  { kind: 'delivered', read: true },
  { kind: 'undelivered', errorCode: 30007 },
  { kind: 'failed', errorCode: 30034 },
  { kind: 'sent-without-receipt' },
  { kind: 'stuck', status: 'sending' },
];
const rate = fc.double({ min: 0, max: 1, noNaN: true });
const seeds = fc.string();
const initial = fc.constantFrom('queued' as const, 'accepted' as const, 'scheduled' as const);

const plan = (
  seed: string,
  faults: FaultsInput = {},
  outcome: CarrierOutcome = { kind: 'delivered', read: false },
  initialStatus: 'queued' | 'accepted' | 'scheduled' = 'queued',
) =>
  planDelivery({
    random: createRandom(seed),
    outcome,
    faults: faultsSchema.parse(faults),
    timing,
    startAt: 1_000_000,
    initialStatus,
  });

const words = (statuses: readonly { status: string }[]) => statuses.map(({ status }) => status);

describe('statuses', () => {
  test('a message from a number goes queued, sending, sent, delivered; no callback for queued or sending', () => {
    const { statuses, callbacks, handsetAt } = plan('seed');
    expect(words(statuses)).toEqual(['sending', 'sent', 'delivered']);
    expect(callbacks.map(({ status, deliverAt }) => [status, deliverAt])).toEqual([
      ['sent', [1_000_100]],
      ['delivered', [1_000_400]],
    ]);
    expect(handsetAt).toBe(1_000_400);
  });

  test('through a service, queued is no longer the initial status and has a callback', () => {
    const { callbacks } = plan('seed', {}, { kind: 'delivered', read: true }, 'accepted');
    expect(words(callbacks)).toEqual(['queued', 'sent', 'delivered', 'read']);
  });

  test('an undelivered message tells its error with its last status only', () => {
    const { callbacks, handsetAt } = plan('seed', {}, { kind: 'undelivered', errorCode: 30007 });
    expect(callbacks.map(({ status, errorCode }) => [status, errorCode])).toEqual([
      ['sent', undefined],
      ['undelivered', 30007],
    ]);
    expect(handsetAt).toBeUndefined();
  });

  test('a delivery in silence reaches the handset and no webhook', () => {
    const { callbacks, handsetAt } = plan('seed', {}, { kind: 'delivered-in-silence' });
    expect(callbacks).toEqual([]);
    expect(handsetAt).toBe(1_000_400);
  });

  test('carrier faults strike only those who would get the message', () => {
    expect(words(plan('seed', { undelivered: 1 }).statuses)).toEqual(['sending', 'sent', 'undelivered']);
    expect(words(plan('seed', { noDeliveryReceipt: 1 }).statuses)).toEqual(['sending', 'sent']);
    const failed = plan('seed', { undelivered: 1 }, { kind: 'failed', errorCode: 30034 });
    expect(words(failed.statuses)).toEqual(['failed']);
  });
});

describe('properties', () => {
  const faultsOf = fc.record({
    callbackDuplicate: rate,
    callbackReorder: rate,
    callbackLost: rate,
    callbackDelayMs: fc.record({ min: fc.nat(1000), max: fc.integer({ min: 1000, max: 60_000 }) }),
  });
  const inputs = [seeds, faultsOf, fc.constantFrom(...outcomes), initial] as const;

  test('the same seed gives the same plan', () => {
    holdsForAll(fc.property(...inputs, (...input) => expect(plan(...input)).toEqual(plan(...input))));
  });

  test('every callback that is not lost is delivered at least once, a lost one never', () => {
    holdsForAll(
      fc.property(...inputs, (...input) => {
        for (const { lost, deliverAt } of plan(...input).callbacks) {
          expect(deliverAt.length > 0).toBe(!lost);
        }
      }),
    );
  });

  test('nothing is planned before the message was accepted', () => {
    holdsForAll(
      fc.property(...inputs, (...input) => {
        for (const { deliverAt } of plan(...input).callbacks) {
          for (const at of deliverAt) expect(at).toBeGreaterThan(1_000_000);
        }
      }),
    );
  });

  test('faults of callbacks change when they come, never what became of the message', () => {
    holdsForAll(
      fc.property(seeds, faultsOf, fc.constantFrom(...outcomes), initial, (seed, faults, outcome, first) => {
        expect(plan(seed, faults, outcome, first).statuses).toEqual(plan(seed, {}, outcome, first).statuses);
      }),
    );
  });

  test('at rate 1 every callback is repeated, or lost, or out of order', () => {
    holdsForAll(
      fc.property(seeds, (seed) => {
        for (const { deliverAt } of plan(seed, { callbackDuplicate: 1 }).callbacks) {
          expect(deliverAt).toHaveLength(2);
        }
        expect(plan(seed, { callbackLost: 1 }).callbacks.every(({ lost }) => lost)).toBe(true);
        const reordered = plan(seed, { callbackReorder: 1 }).callbacks.map(({ deliverAt }) => deliverAt[0]);
        expect(reordered).toEqual([1_000_400, 1_000_100]);
        expect(plan(seed, { callbackBeforeResponse: 1 }).firstCallbackBeforeResponse).toBe(true);
      }),
    );
  });

  test('a delay lies within its bounds', () => {
    holdsForAll(
      fc.property(seeds, (seed) => {
        const [sent] = plan(seed, { callbackDelayMs: { min: 50, max: 60 } }).callbacks;
        expect(sent?.deliverAt[0]).toBeGreaterThanOrEqual(1_000_150);
        expect(sent?.deliverAt[0]).toBeLessThanOrEqual(1_000_160);
      }),
    );
  });
});
