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
const blocks = new Map<string, readonly ZoneOffset[]>();

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
  let offsets = blocks.get(key);
  if (offsets === undefined) {
    offsets = readBlock(zone, block * BLOCK_MILLISECONDS);
    if (blocks.size >= MOST_REMEMBERED) blocks.clear();
    blocks.set(key, offsets);
  }
  return offsets.find(({ until }) => instant < until) ?? { offset: offsetOf(zone, instant), until: instant };
}

/** One offset, or two with the second in which the clock is changed between them. */
function readBlock(zone: string, start: number): readonly ZoneOffset[] {
  const end = start + BLOCK_MILLISECONDS;
  const before = offsetOf(zone, start);
  const after = offsetOf(zone, end - 1);
  if (before === after) return [{ offset: before, until: end }];
  let low = start;
  let high = end - 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetOf(zone, middle) === before) low = middle;
    else high = middle;
  }
  return [
    { offset: before, until: high },
    { offset: after, until: end },
  ];
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    formats.set(zone, format);
  }
  return format;
}

/** `GMT`, `GMT-03:30`, and with seconds before 1972. */
const LONG_OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

function offsetOf(zone: string, instant: number): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    LONG_OFFSET.exec(formatOf(zone).format(instant)) ?? [];
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -size : size;
}
