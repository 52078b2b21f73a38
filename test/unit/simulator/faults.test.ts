import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { chooseCreateFault, faultsSchema, noFaults } from '../../../local/twilio/domain/faults.ts';
import { holdsForAll } from './support/holds-for-all.ts';

describe('reading faults', () => {
  test.each([
    ['none', {}],
    ['a rate', { createFails429: 0.5 }],
    ['a list lag as a figure', { listLagMs: 500 }],
    ['a list lag as a span', { listLagMs: { min: 1, max: 2 } }],
    ['a script', { nextCreates: ['none', 'responseReset'] }],
    ['rates that add up to 1', { createFails429: 0.5, responseReset: 0.5 }],
  ])('%s is accepted', (_, input) => {
    expect(faultsSchema.safeParse(input).success).toBe(true);
  });

  test.each([
    ['an unknown key', { createFails: 1 }],
    ['a rate above 1', { callbackLost: 1.1 }],
    ['a negative rate', { callbackLost: -0.1 }],
    ['a span upside down', { callbackDelayMs: { min: 2, max: 1 } }],
    ['an unknown fault in the script', { nextCreates: ['explode'] }],
    ['create faults that add up to more than 1', { createFails429: 0.6, responseReset: 0.6 }],
    ['a text for a rate', { callbackLost: 'often' }],
  ])('%s is refused', (_, input) => {
    expect(faultsSchema.safeParse(input).success).toBe(false);
  });
});

describe('choosing the fault of a create', () => {
  test('without faults there is never one', () => {
    holdsForAll(
      fc.property(fc.double({ min: 0, max: 0.999999, noNaN: true }), (draw) =>
        expect(chooseCreateFault(noFaults(), draw)).toBeUndefined(),
      ),
    );
  });

  test('each fault owns its share of the draws', () => {
    const faults = faultsSchema.parse({ createFails429: 0.25, rubbish2xx: 0.5 });
    expect(chooseCreateFault(faults, 0.2)).toBe('createFails429');
    expect(chooseCreateFault(faults, 0.25)).toBe('rubbish2xx');
    expect(chooseCreateFault(faults, 0.74)).toBe('rubbish2xx');
    expect(chooseCreateFault(faults, 0.75)).toBeUndefined();
  });
});
