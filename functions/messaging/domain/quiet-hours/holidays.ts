import { type Holiday, WEEKDAYS } from '../../../shared/contract/rules/quiet-hours.ts';

const DAY_MILLISECONDS = 86_400_000;

/** Days since 1 January 1970, of a date in the Gregorian calendar. */
export const dayNumber = (year: number, month: number, day: number): number =>
  Math.floor(Date.UTC(year, month - 1, day) / DAY_MILLISECONDS);

/** 0 is Sunday. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;

export const yearOf = (day: number): number => new Date(day * DAY_MILLISECONDS).getUTCFullYear();

/** The holidays of a year as day numbers. */
export const holidaysOf = (holidays: readonly Holiday[], year: number): ReadonlySet<number> =>
  new Set(holidays.map((holiday) => dayOf(holiday, year)));

function dayOf(holiday: Holiday, year: number): number {
  if ('date' in holiday) {
    return dayNumber(year, Number(holiday.date.slice(0, 2)), Number(holiday.date.slice(3)));
  }
  return 'easter' in holiday ? easterSunday(year) + holiday.easter : nthWeekday(holiday, year);
}

function nthWeekday({ month, weekday, nth }: Extract<Holiday, { nth: number }>, year: number): number {
  const wanted = WEEKDAYS.indexOf(weekday);
  const first = dayNumber(year, month, 1);
  const firstWanted = first + ((wanted - weekdayOf(first) + 7) % 7);
  if (nth > 0) return firstWanted + (nth - 1) * 7;
  const fifth = firstWanted + 28;
  return fifth < dayNumber(year, month + 1, 1) ? fifth : firstWanted + 21;
}

/** Gregorian Easter Sunday, by the rule of Butcher (1876). */
function easterSunday(year: number): number {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const inCentury = year % 100;
  const correction = Math.floor((century + 8) / 25);
  const epact =
    (19 * golden + century - Math.floor(century / 4) - Math.floor((century - correction + 1) / 3) + 15) % 30;
  const toSunday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * toSunday) / 451);
  const sum = epact + toSunday - 7 * late + 114;
  return dayNumber(year, Math.floor(sum / 31), (sum % 31) + 1);
}
