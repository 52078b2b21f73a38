import { isLegal, type WallClock } from './laws.ts';

const MINUTE = 60_000;

/** What a zone's clock shows in each minute of a stretch of days, read minute by minute off Intl. */
export class ClockReadings {
  readonly #readings = new Map<string, readonly WallClock[]>();
  readonly #formats = new Map<string, Intl.DateTimeFormat>();

  of(zone: string, from: number, minutes: number): readonly WallClock[] {
    const key = `${zone} ${from} ${minutes}`;
    const known = this.#readings.get(key);
    if (known !== undefined) return known;
    const readings = Array.from({ length: minutes }, (_, index) => this.#read(zone, from + index * MINUTE));
    if (this.#readings.size > 400) this.#readings.clear();
    this.#readings.set(key, readings);
    return readings;
  }

  #read(zone: string, instant: number): WallClock {
    const shown = this.#formatOf(zone).format(instant);
    const [, month = '', day = '', year = '', hour = '', minute = ''] =
      /^(\d\d)\/(\d\d)\/(\d{4}), (\d\d):(\d\d)$/.exec(shown) ?? [];
    return {
      year: Number(year),
      date: `${month}-${day}`,
      weekday: new Date(`${year}-${month}-${day}T00:00:00Z`).getUTCDay(),
      minute: Number(hour) * 60 + Number(minute),
    };
  }

  #formatOf(timeZone: string): Intl.DateTimeFormat {
    const format =
      this.#formats.get(timeZone) ??
      new Intl.DateTimeFormat('en-US', {
        timeZone,
        hourCycle: 'h23',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
      });
    this.#formats.set(timeZone, format);
    return format;
  }
}

export interface Place {
  readonly regions: readonly string[];
  readonly zones: readonly string[];
  readonly channel: 'sms' | 'voice';
}

/** For each minute of a stretch of days whether every law allows it by every clock. */
export function legalMinutes(
  { regions, zones, channel }: Place,
  from: number,
  minutes: number,
  clocks: ClockReadings,
): readonly boolean[] {
  const readings = zones.map((zone) => clocks.of(zone, from, minutes));
  return Array.from({ length: minutes }, (_, index) =>
    readings.every((ofZone) => {
      const clock = ofZone[index];
      return clock !== undefined && regions.every((region) => isLegal(region, clock, channel));
    }),
  );
}
