import { minuteOf, type QuietHoursRule, WEEKDAYS } from '../../../shared/contract/rules/quiet-hours.ts';
import { holidaysOf, weekdayOf, yearOf } from './holidays.ts';
import { offsetAt } from './zone-clock.ts';

const DAY_MILLISECONDS = 86_400_000;
const MINUTE_MILLISECONDS = 60_000;

/** Milliseconds since midnight. */
interface Opening {
  readonly open: number;
  readonly close: number;
}

/** A rule made ready for its use: asked for an instant, it says whether it is open, and until when that is sure. */
export interface HoursRule {
  readonly rule: QuietHoursRule;
  readonly stateAt: (zone: string, instant: number) => OpenState;
}

export interface OpenState {
  readonly isOpen: boolean;
  /** Epoch milliseconds; the state may be another one from then on. */
  readonly until: number;
}

export function prepareRule(rule: QuietHoursRule): HoursRule {
  const from = Date.parse(rule.from);
  const until = rule.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(rule.until);
  const openingsOn = preparedDays(rule);
  const stateAt = (zone: string, instant: number): OpenState => {
    if (instant < from) return { isOpen: true, until: from };
    if (instant >= until) return { isOpen: true, until: Number.POSITIVE_INFINITY };
    const state = stateByClock(openingsOn, zone, instant);
    return { isOpen: state.isOpen, until: Math.min(state.until, until) };
  };
  return { rule, stateAt };
}

/** By the local clock: as long as the clock is not changed, local time runs as fast as UTC does. */
function stateByClock(
  openingsOn: (day: number) => readonly Opening[],
  zone: string,
  instant: number,
): OpenState {
  const clock = offsetAt(zone, instant);
  const local = instant + clock.offset;
  const day = Math.floor(local / DAY_MILLISECONDS);
  const time = local - day * DAY_MILLISECONDS;
  const { isOpen, changesAt } = stateOfDay(openingsOn(day), time);
  return { isOpen, until: Math.min(instant + changesAt - time, clock.until) };
}

function stateOfDay(openings: readonly Opening[], time: number) {
  const current = openings.find(({ open, close }) => open <= time && time < close);
  if (current !== undefined) return { isOpen: true, changesAt: current.close };
  const next = openings.find(({ open }) => open > time);
  return { isOpen: false, changesAt: next?.open ?? DAY_MILLISECONDS };
}

function preparedDays({ week, holidays }: QuietHoursRule): (day: number) => readonly Opening[] {
  const byWeekday = WEEKDAYS.map((weekday) =>
    openingsOf(week.filter(({ days }) => days.includes(weekday)).flatMap(({ hours }) => hours)),
  );
  const ofWeekday = (day: number): readonly Opening[] =>
    byWeekday.slice(weekdayOf(day), weekdayOf(day) + 1).flat();
  if (holidays === undefined) return ofWeekday;
  const ofHoliday = openingsOf(holidays.hours);
  const years = new Map<number, ReadonlySet<number>>();
  return (day) => {
    const year = yearOf(day);
    const days = years.get(year) ?? holidaysOf(holidays.days, year);
    years.set(year, days);
    return days.has(day) ? ofHoliday : ofWeekday(day);
  };
}

const openingsOf = (
  hours: readonly { readonly open: string; readonly close: string }[],
): readonly Opening[] =>
  hours
    .map(({ open, close }) => ({
      open: minuteOf(open) * MINUTE_MILLISECONDS,
      close: minuteOf(close) * MINUTE_MILLISECONDS,
    }))
    .toSorted((left, right) => left.open - right.open);
