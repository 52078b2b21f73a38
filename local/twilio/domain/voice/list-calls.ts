import type { CallRecord } from './call.ts';

/** The filters of `GET Calls.json`, newest call first. */
export function filterCalls(calls: readonly CallRecord[], query: URLSearchParams, now: number): CallRecord[] {
  const same = (name: string, value: string | undefined) => {
    const wanted = query.get(name);
    return !wanted || wanted === value;
  };
  return calls
    .filter((call) => !call.deleted && call.listedFrom <= now)
    .filter(
      (call) =>
        same('To', call.to) &&
        same('From', call.from) &&
        same('Status', call.status) &&
        same('ParentCallSid', call.parentCallSid),
    )
    .filter(
      (call) => isWithin(call.startedAt, query, 'StartTime') && isWithin(call.endedAt, query, 'EndTime'),
    )
    .sort((one, other) => other.createdAt - one.createdAt || other.ordinal - one.ordinal);
}

/** `StartTime` means that day (UTC), `StartTime>` on and after, `StartTime<` on and before: a day or an instant. */
export function isWithin(at: number | null, query: URLSearchParams, name: string): boolean {
  const on = query.get(name)?.slice(0, 10);
  const after = query.get(`${name}>`);
  const before = query.get(`${name}<`);
  if (!on && !after && !before) return true;
  if (at === null) return false;
  return (
    (!on || (at >= startOf(on) && at < endOf(on))) &&
    (!after || at >= startOf(after)) &&
    (!before || at < endOf(before))
  );
}

const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text);
const startOf = (text: string) => Date.parse(isDay(text) ? `${text}T00:00:00Z` : text);
const endOf = (text: string) => startOf(text) + (isDay(text) ? 86_400_000 : 1000);
