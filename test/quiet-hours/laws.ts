/**
 * The hours in words, read again from the laws' tables and written down a second time: nothing here comes from `config/` or from the
 * engine. Who changes a rule there has to change it here too, or the comparison fails.
 */
export interface WallClock {
  readonly year: number;
  /** `MM-DD` */
  readonly date: string;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** Minutes since midnight. */
  readonly minute: number;
}

const between = (minute: number, from: number, to: number): boolean =>
  minute >= from * 60 && minute < to * 60;

/** Holidays as calendars print them. */
const US_HOLIDAYS: Readonly<Record<number, string>> = {
  2026: '01-01 01-19 02-16 05-25 06-19 07-04 09-07 10-12 11-11 11-26 12-25',
  2027: '01-01 01-18 02-15 05-31 06-19 07-04 09-06 10-11 11-11 11-25 12-25',
  2028: '01-01 01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-11 11-23 12-25',
};
const FRENCH_HOLIDAYS: Readonly<Record<number, string>> = {
  2026: '01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25',
  2027: '01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25',
  2028: '01-01 04-17 05-01 05-08 05-25 06-05 07-14 08-15 11-01 11-11 12-25',
};
const isHoliday = (calendar: Readonly<Record<number, string>>, { year, date }: WallClock): boolean =>
  calendar[year]?.split(' ').includes(date) === true;

type Law = (clock: WallClock) => boolean;

const daily =
  (from: number, to: number): Law =>
  ({ minute }) =>
    between(minute, from, to);
const neverOnSundayOrHoliday =
  (from: number, to: number): Law =>
  (clock) =>
    clock.weekday !== 0 && !isHoliday(US_HOLIDAYS, clock) && between(clock.minute, from, to);

/** What states ask for beyond the federal 8 to 21 h. */
const STATES: Readonly<Record<string, Law>> = {
  AL: neverOnSundayOrHoliday(8, 20),
  CT: daily(9, 20),
  FL: daily(8, 20),
  KY: daily(10, 21),
  LA: neverOnSundayOrHoliday(8, 20),
  MA: daily(8, 20),
  MD: daily(8, 20),
  MI: daily(9, 21),
  MN: daily(9, 21),
  MS: neverOnSundayOrHoliday(8, 20),
  NJ: daily(8, 20),
  NM: daily(9, 21),
  NV: daily(9, 20),
  OK: daily(8, 20),
  PA: (clock) => !isHoliday(US_HOLIDAYS, clock) && between(clock.minute, 8, 21),
  RI: (clock) =>
    !isHoliday(US_HOLIDAYS, clock) &&
    (clock.weekday === 0 || clock.weekday === 6
      ? between(clock.minute, 10, 17)
      : between(clock.minute, 9, 18)),
  TN: daily(8, 20),
  TX: ({ weekday, minute }) => between(minute, weekday === 0 ? 12 : 9, 21),
  UT: neverOnSundayOrHoliday(8, 21),
  WA: daily(8, 20),
};

const UNION = 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' ');

/** Whether a marketing message may reach somebody of a region whose clock shows this. */
export function isLegal(region: string, clock: WallClock, channel: 'sms' | 'voice'): boolean {
  const { weekday, minute } = clock;
  if (region === 'US' || region.startsWith('US-'))
    return between(minute, 8, 21) && (STATES[region.slice(3)]?.(clock) ?? true);
  if (region === 'CA' || region.startsWith('CA-'))
    return weekday === 0 || weekday === 6 ? between(minute, 10, 18) : between(minute, 9, 21.5);
  if (region === 'GB') return between(minute, weekday === 0 ? 9 : 8, 21);
  if (!between(minute, 8, 21)) return false;
  return region !== 'FR' || !UNION.includes(region) || isLegalInFrance(clock, channel);
}

function isLegalInFrance(clock: WallClock, channel: 'sms' | 'voice'): boolean {
  if (clock.weekday === 0 || isHoliday(FRENCH_HOLIDAYS, clock)) return false;
  if (channel === 'sms') return between(clock.minute, 8, 22);
  return clock.weekday !== 6 && (between(clock.minute, 10, 13) || between(clock.minute, 14, 20));
}
