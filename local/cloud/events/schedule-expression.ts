/** When a schedule fires: every so often, at every minute that fits, or once. */
export type Schedule =
  | { readonly kind: 'rate'; readonly everyMilliseconds: number }
  | { readonly kind: 'cron'; readonly matches: (minute: Date) => boolean }
  | { readonly kind: 'at'; readonly instant: Date };

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * `rate(5 minutes)`, `cron(0 10 ? * MON-FRI *)`, `at(2027-01-31T10:00:00)` in a time zone.
 * @throws on anything else, and on the cron letters W and # that have no use here
 */
export function scheduleExpression(expression: string, timeZone = 'UTC'): Schedule {
  const [, kind, argument = ''] = /^(rate|cron|at)\((.+)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'rate') return rate(argument);
  if (kind === 'cron') return { kind: 'cron', matches: cron(argument, timeZone) };
  if (kind === 'at') return { kind: 'at', instant: at(argument, timeZone) };
  throw new Error(`the schedule ${expression} is not known`);
}

function rate(argument: string): Schedule {
  const [, amount, unit] = /^(\d+) (minute|hour|day)s?$/.exec(argument) ?? [];
  const everyMilliseconds = Number(amount) * (UNITS[unit ?? ''] ?? 0);
  if (!(everyMilliseconds > 0)) throw new Error(`the schedule rate(${argument}) is not known`);
  return { kind: 'rate', everyMilliseconds };
}

interface LocalTime {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  /** 1 is Sunday, as in AWS's cron. */
  readonly weekday: number;
  readonly year: number;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

function cron(argument: string, timeZone: string): (minute: Date) => boolean {
  const fields = argument.trim().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = fields;
  if (fields.length !== 6) throw new Error(`the schedule cron(${argument}) has not six fields`);
  const tests = [
    field(minute, 0, 59, (time) => time.minute),
    field(hour, 0, 23, (time) => time.hour),
    day === 'L' ? isLastDay : field(day, 1, 31, (time) => time.day),
    field(numbered(month, MONTHS), 1, 12, (time) => time.month),
    field(numbered(weekday, WEEKDAYS), 1, 7, (time) => time.weekday),
    field(year, 1970, 2199, (time) => time.year),
  ];
  return (instant) => {
    const time = localTime(instant, timeZone);
    return tests.every((test) => test(time));
  };
}

function field(
  expression: string,
  lowest: number,
  highest: number,
  read: (time: LocalTime) => number,
): (time: LocalTime) => boolean {
  const allowed = new Set<number>();
  for (const part of expression.split(',')) {
    const [, from, to, step] = /^(\*|\?|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part) ?? [];
    if (from === undefined) throw new Error(`the cron field ${expression} is not known`);
    const isAny = from === '*' || from === '?';
    const first = isAny ? lowest : Number(from);
    const last = to === undefined ? (isAny || step !== undefined ? highest : first) : Number(to);
    for (let value = first; value <= last; value += Number(step ?? 1)) allowed.add(value);
  }
  return (time) => allowed.has(read(time));
}

const numbered = (expression: string, names: readonly string[]): string =>
  names.reduce((text, name, index) => text.replaceAll(name, String(index + 1)), expression.toUpperCase());

const isLastDay = ({ year, month, day }: LocalTime): boolean =>
  day === new Date(Date.UTC(year, month, 0)).getUTCDate();

function localTime(instant: Date, timeZone: string): LocalTime {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(instant);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
  const date = { year: part('year'), month: part('month'), day: part('day') };
  const weekday = new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay() + 1;
  return { ...date, hour: part('hour'), minute: part('minute'), weekday };
}

function at(argument: string, timeZone: string): Date {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(argument))
    throw new Error(`the schedule at(${argument}) is not known`);
  const asUtc = new Date(`${argument}Z`);
  const { year, month, day, hour, minute } = localTime(asUtc, timeZone);
  const offset = Date.UTC(year, month - 1, day, hour, minute) - Math.floor(asUtc.getTime() / 60_000) * 60_000;
  return new Date(asUtc.getTime() - offset);
}
