import type { Place } from './oracle.ts';

export interface Scenario extends Place {
  /** Epoch milliseconds, midnight UTC: where the stretch begins. */
  readonly from: number;
  readonly hasClockChange: boolean;
}

/** Regions with the zones that come into question there; some with two clocks, half hours, and a summer time of their own. */
const PLACES: readonly (readonly [string, readonly string[]])[] = [
  ['US-AL', ['America/Chicago']],
  ['US-AK', ['America/Anchorage', 'America/Adak']],
  ['US-AZ', ['America/Phoenix', 'America/Denver']],
  ['US-CA', ['America/Los_Angeles']],
  ['US-CT', ['America/New_York']],
  ['US-FL', ['America/New_York', 'America/Chicago']],
  ['US-HI', ['Pacific/Honolulu']],
  ['US-ID', ['America/Boise', 'America/Los_Angeles']],
  ['US-IN', ['America/Indiana/Indianapolis', 'America/Chicago']],
  ['US-KY', ['America/New_York', 'America/Chicago']],
  ['US-LA', ['America/Chicago']],
  ['US-MA', ['America/New_York']],
  ['US-MD', ['America/New_York']],
  ['US-MI', ['America/Detroit', 'America/Menominee']],
  ['US-MN', ['America/Chicago']],
  ['US-MS', ['America/Chicago']],
  ['US-NJ', ['America/New_York']],
  ['US-NM', ['America/Denver']],
  ['US-NV', ['America/Los_Angeles', 'America/Boise']],
  ['US-OK', ['America/Chicago']],
  ['US-PA', ['America/New_York']],
  ['US-RI', ['America/New_York']],
  ['US-TN', ['America/New_York', 'America/Chicago']],
  ['US-TX', ['America/Chicago', 'America/Denver']],
  ['US-UT', ['America/Denver']],
  ['US-WA', ['America/Los_Angeles']],
  ['CA-NL', ['America/St_Johns', 'America/Halifax']],
  ['CA-ON', ['America/Toronto', 'America/Winnipeg']],
  ['CA-SK', ['America/Regina']],
  ['CA-BC', ['America/Vancouver', 'America/Edmonton']],
  ['GB', ['Europe/London']],
  ['IE', ['Europe/Dublin']],
  ['DE', ['Europe/Berlin']],
  ['FR', ['Europe/Paris']],
  ['PT', ['Europe/Lisbon', 'Atlantic/Azores', 'Atlantic/Madeira']],
  ['ES', ['Europe/Madrid', 'Atlantic/Canary']],
  ['MA', ['Africa/Casablanca']],
  ['EG', ['Africa/Cairo']],
  ['AU', ['Australia/Lord_Howe', 'Australia/Perth']],
  ['AU', ['Australia/Sydney', 'Australia/Adelaide']],
  ['NZ', ['Pacific/Auckland', 'Pacific/Chatham']],
  ['NP', ['Asia/Kathmandu']],
  ['IN', ['Asia/Kolkata']],
  ['CL', ['America/Santiago', 'Pacific/Easter']],
  ['PY', ['America/Asuncion']],
  ['CU', ['America/Havana']],
  ['LB', ['Asia/Beirut']],
  ['IL', ['Asia/Jerusalem']],
  ['KI', ['Pacific/Kiritimati']],
  ['WS', ['Pacific/Apia']],
  ['JP', ['Asia/Tokyo']],
];

const DAY = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 0, 3);
const LAST_DAY = Date.UTC(2028, 11, 20);

/** Seeded (mulberry32): a run can be repeated. Two stretches of three lie about a clock change of one of their zones. */
export function createScenarios(seed: number) {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const pick = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(fraction() * values.length)] as Value;
  const changes = new Map<string, readonly number[]>();
  const changesOf = (zone: string): readonly number[] => {
    const known = changes.get(zone) ?? clockChanges(zone);
    changes.set(zone, known);
    return known;
  };
  return {
    fraction,
    next: (): Scenario => {
      const [region, zones] = pick(PLACES);
      const [otherRegion, otherZones] = fraction() < 0.1 ? pick(PLACES) : [region, []];
      const allZones = [...new Set([...zones, ...otherZones])];
      const chosen = fraction() < 0.3 ? [pick(allZones)] : allZones;
      const days = chosen.flatMap(changesOf);
      const isChange = days.length > 0 && fraction() < 0.67;
      const day = isChange
        ? pick(days) - Math.floor(fraction() * 3) * DAY
        : FIRST_DAY + Math.floor(fraction() * ((LAST_DAY - FIRST_DAY) / DAY)) * DAY;
      return {
        regions: [...new Set([region, otherRegion])],
        zones: chosen,
        channel: fraction() < 0.8 ? 'sms' : 'voice',
        from: day,
        hasClockChange: isChange,
      };
    },
  };
}

/** Days (midnight UTC) in which the zone's clock is changed, found by comparing noons. */
function clockChanges(zone: string): readonly number[] {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  const found: number[] = [];
  for (let day = FIRST_DAY; day < LAST_DAY; day += DAY)
    if (format.format(day + DAY / 2) !== format.format(day - DAY / 2)) found.push(day - (day % DAY));
  return found;
}
