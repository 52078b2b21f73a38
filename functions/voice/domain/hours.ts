import type { Calendar } from '../../shared/contract/flows/voice-settings.ts';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Whether an office is open at an instant, by the clock on its own wall: holidays first, then the day's hours. */
export const isOpenAt = (calendar: Calendar, now: number): boolean => {
  const { date, weekday, minute } = wallClock(calendar.timeZone, now);
  if (calendar.closedOn.includes(date)) return false;
  const day = DAYS[weekday];
  const hours = day === undefined ? [] : (calendar.weekly[day] ?? []);
  return hours.some(([from, until]) => minuteOf(from) <= minute && minute < minuteOf(until));
};

/** `HH:MM`; 24:00 is the end of the day. */
const minuteOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

const wallClock = (timeZone: string, now: number) => {
  const parts = Object.fromEntries(
    formatIn(timeZone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  const date = `${parts.year}-${parts.month}-${parts.day}`;
  return {
    date,
    weekday: new Date(`${date}T00:00:00Z`).getUTCDay(),
    minute: Number(parts.hour) * 60 + Number(parts.minute),
  };
};

/** Building a formatter takes longer than everything else in a step. */
const formats = new Map<string, Intl.DateTimeFormat>();

const formatIn = (timeZone: string): Intl.DateTimeFormat => {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  formats.set(timeZone, format);
  return format;
};
