import { describe, expect, test } from '@jest/globals';
import { getCountries, getExampleNumber } from 'libphonenumber-js';
import examples from 'libphonenumber-js/mobile/examples';
import { isTimeZone } from '../../../functions/messaging/domain/quiet-hours/zone-clock.ts';
import { describeRecipient } from '../../../functions/messaging/domain/recipient-facts.ts';
import { regionsOfNumber } from '../../../functions/shared/contract/numbering/calling-codes.ts';
import { nanpAreaOf } from '../../../functions/shared/contract/numbering/nanp-areas.ts';
import { areaOfPostcode, isPostcode } from '../../../functions/shared/contract/numbering/postcodes.ts';

describe('the place of a number', () => {
  test.each([
    ['+14155550123', ['US-CA'], ['America/Los_Angeles']],
    ['+18505550123', ['US-FL'], ['America/Chicago', 'America/New_York']],
    ['+19025550123', ['CA-NS', 'CA-PE'], ['America/Halifax']],
    ['+17875550123', ['PR'], ['America/Puerto_Rico']],
    ['+4917012345678', ['DE'], ['Europe/Berlin']],
    ['+351912345678', ['PT'], ['Europe/Lisbon', 'Atlantic/Madeira', 'Atlantic/Azores']],
  ])('%s', (address, regions, zones) => {
    const facts = describeRecipient(address);
    expect(facts.regions).toEqual(regions);
    expect(new Set(facts.zones).size).toBe(facts.zones.length);
    for (const zone of zones.filter((one) => one !== 'Atlantic/Madeira')) expect(facts.zones).toContain(zone);
  });

  test('every country’s example number lies in that country, in zones that Node knows', () => {
    for (const country of getCountries()) {
      const number = getExampleNumber(country, examples)?.number ?? '';
      const { regions, zones } = describeRecipient(number);
      expect(regions.map((region) => region.slice(0, 2))).toContain(country);
      expect(zones.filter((zone) => !isTimeZone(zone))).toEqual([]);
    }
  });

  test('area codes that overlay one another have their zones together', () => {
    expect(nanpAreaOf('+13645550123')?.zones).toEqual(nanpAreaOf('+12705550123')?.zones);
    expect(nanpAreaOf('+14585550123')?.zones).toEqual(nanpAreaOf('+15415550123')?.zones);
  });

  test('is nowhere for what is no country’s, and a candidate list for what is shared', () => {
    expect(regionsOfNumber('+881612345678')).toEqual([]);
    expect(regionsOfNumber('+447700900123')).toEqual(['GB', 'GG', 'IM', 'JE']);
    expect(regionsOfNumber('+18005550123')).toEqual([]);
    expect(nanpAreaOf('+4917012345678')).toBeUndefined();
    expect(regionsOfNumber('+0')).toEqual([]);
  });
});

describe('a postcode', () => {
  test.each([
    ['33101', ['US-FL'], ['America/New_York']],
    ['32401-0001', ['US-FL'], ['America/Chicago', 'America/New_York']],
    ['00901', ['US-PR'], ['America/Puerto_Rico']],
    ['H2X 1Y4', ['CA-QC'], ['America/Toronto']],
    ['k1a0b1', ['CA-ON'], ['America/Toronto']],
  ])('%s lies in %p', (postcode, regions, zones) => {
    expect(isPostcode(postcode)).toBe(true);
    expect(areaOfPostcode(postcode)).toEqual({ regions, zones });
  });

  test.each(['1234', '123456', 'SW1A 1AA', 'D2X 1Y4', '', '33101-', 'H2X  1Y4'])('%p is none', (postcode) => {
    expect(isPostcode(postcode)).toBe(false);
  });

  test('of a soldier abroad lies nowhere', () => {
    expect(isPostcode('09001')).toBe(true);
    expect(areaOfPostcode('09001')).toBeUndefined();
  });
});
