/** The clocks of time zones, by Intl (the IANA database that comes with Node), remembered week by week. */

export interface ZoneOffset {
  /** Local time less UTC, milliseconds. */
  readonly offset: number;
  /** From then on it has to be asked again, epoch milliseconds. */
  readonly until: number;
}

/** No zone changes its clock twice within a week: two changes, as Ramadan makes them in Morocco, are a month apart. */
const BLOCK_MILLISECONDS = 7 * 86_400_000;
const MOST_REMEMBERED = 20_000;

const formats = new Map<string, Intl.DateTimeFormat>();
/** A week's offset; two with the second in which the clock is changed, else twice the same. */
interface Week {
  readonly before: ZoneOffset;
  readonly after: ZoneOffset;
}

const weeks = new Map<string, Week>();

/** Whether it is a name of the IANA database; a mere offset (`+02:00`) is none, for it says nothing of summer time. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** @throws RangeError for a zone that is none. */
export function offsetAt(zone: string, instant: number): ZoneOffset {
  const block = Math.floor(instant / BLOCK_MILLISECONDS);
  const key = `${zone}#${block}`;
  let week = weeks.get(key);
  if (week === undefined) {
    week = readWeek(zone, block * BLOCK_MILLISECONDS);
    if (weeks.size >= MOST_REMEMBERED) weeks.clear();
    weeks.set(key, week);
  }
  return instant < week.before.until ? week.before : week.after;
}

function readWeek(zone: string, start: number): Week {
  const end = start + BLOCK_MILLISECONDS;
  const before = offsetOf(zone, start);
  const after = offsetOf(zone, end - 1);
  const last = { offset: after, until: end };
  if (before === after) return { before: last, after: last };
  let low = start;
  let high = end - 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetOf(zone, middle) === before) low = middle;
    else high = middle;
  }
  return { before: { offset: before, until: high }, after: last };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    formats.set(zone, format);
  }
  return format;
}

/** Shown as `GMT+00:00` (or `GMT` alone), `GMT-03:30`, and with seconds before 1972. */
function offsetOf(zone: string, instant: number): number {
  const shown = formatOf(zone).format(instant);
  const offset = shown.slice(shown.indexOf('GMT') + 'GMT'.length);
  const seconds = offset
    .slice(1)
    .split(':')
    .reduce((sum, part, place) => sum + (Number(part) * 3_600) / 60 ** place, 0);
  return offset.startsWith('-') ? -seconds * 1000 : seconds * 1000;
}
