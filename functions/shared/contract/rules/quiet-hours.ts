import * as z from 'zod';
import { accountSidPattern, TrafficClass } from '../settings.ts';

/** Hours in which it is legal to reach people, as data: `config/quiet-hours/`, validated at synth, read by the gate. */

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const clockTime = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'is no time of day from 00:00 to 24:00');

/** Open from `open`, closed from `close` on, by the recipient's clock. */
const OpenHours = z.strictObject({ open: clockTime, close: clockTime });

const DayHours = z.strictObject({
  days: z.array(z.enum(WEEKDAYS)).min(1),
  /** None: closed all day. */
  hours: z.array(OpenHours),
});

/** A holiday: a fixed date, a day counted from Easter Sunday (Gregorian), or the n-th weekday of a month (-1: the last). */
const Holiday = z.union([
  z.strictObject({
    name: z.string().min(1),
    date: z.string().regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/),
  }),
  z.strictObject({ name: z.string().min(1), easter: z.int().min(-60).max(60) }),
  z.strictObject({
    name: z.string().min(1),
    month: z.int().min(1).max(12),
    weekday: z.enum(WEEKDAYS),
    nth: z.union([z.literal(-1), z.int().min(1).max(4)]),
  }),
]);
export type Holiday = z.infer<typeof Holiday>;

/** One jurisdiction's hours during a time. All rules that apply to a recipient have to be kept at once. */
export const QuietHoursRule = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,60}$/),
  /** `*`, a group of this file, a country (`GB`), or a part of one (`US-FL`); a country's rule holds in all of its parts. */
  jurisdiction: z.string().regex(/^(\*|[A-Z]{2}(-[A-Z0-9]{1,3})?|[A-Z][a-z][A-Za-z ]+)$/),
  /** In force from this day on, until the day before `until`; both by UTC. */
  from: z.iso.date(),
  until: z.iso.date().exactOptional(),
  /** What it covers. One-time codes and transactional messages are free unless a jurisdiction says otherwise here. */
  classes: z.array(TrafficClass).min(1).default(['marketing']),
  channels: z
    .array(z.enum(['sms', 'whatsapp', 'voice']))
    .min(1)
    .default(['sms', 'whatsapp', 'voice']),
  /** An addition of these accounts, on top of the law; absent: it holds for all. */
  accounts: z.array(z.string().regex(accountSidPattern)).min(1).exactOptional(),
  week: z.array(DayHours).min(1),
  /** Hours of holidays, instead of the weekday's; absent: holidays are days like any other. */
  holidays: z.strictObject({ days: z.array(Holiday).min(1), hours: z.array(OpenHours) }).exactOptional(),
  source: z.strictObject({ title: z.string().min(1), url: z.url().exactOptional(), read: z.iso.date() }),
});
export type QuietHoursRule = z.infer<typeof QuietHoursRule>;

export const QuietHoursFile = z.strictObject({
  /** Jurisdictions under one name: `{"European Union": ["AT", ...]}`. */
  groups: z.record(z.string(), z.array(z.string().regex(/^[A-Z]{2}$/)).min(1)).default({}),
  rules: z.array(QuietHoursRule).min(1),
});
export type QuietHoursFile = z.infer<typeof QuietHoursFile>;

/** Minutes since midnight. */
export const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** What is wrong with the rules of all files together, in words that name the rule; none: they are fit for use. */
export function quietHoursProblems(files: readonly QuietHoursFile[]): readonly string[] {
  const rules = files.flatMap((file) => file.rules);
  const groups = new Set(files.flatMap((file) => Object.keys(file.groups)));
  return [
    ...rules
      .filter(({ jurisdiction }) => /[a-z]/.test(jurisdiction) && !groups.has(jurisdiction))
      .map(({ id, jurisdiction }) => `${id}: no file has a group ${jurisdiction}`),
    ...twice(rules.map(({ id }) => id)).map((id) => `${id}: there are two rules of this name`),
    ...rules.flatMap((rule) => weekProblems(rule).map((problem) => `${rule.id}: ${problem}`)),
    ...rules.flatMap((rule) => datesProblems(rule)),
    ...successionProblems(rules),
  ];
}

function weekProblems({ week, holidays }: QuietHoursRule): readonly string[] {
  const days = week.flatMap((part) => part.days);
  const missing = WEEKDAYS.filter((day) => !days.includes(day));
  return [
    ...twice(days).map((day) => `${day} stands in two parts of the week`),
    ...missing.map((day) => `${day} stands in no part of the week; a closed day has no hours: []`),
    ...week.flatMap(({ days: [day = ''], hours }) => hoursProblems(hours).map((one) => `${day}: ${one}`)),
    ...hoursProblems(holidays?.hours ?? []).map((one) => `holidays: ${one}`),
  ];
}

function hoursProblems(
  hours: readonly { readonly open: string; readonly close: string }[],
): readonly string[] {
  const sorted = hours.toSorted((left, right) => minuteOf(left.open) - minuteOf(right.open));
  return sorted.flatMap((one, index) => {
    const before = sorted[index - 1];
    return [
      ...(minuteOf(one.close) <= minuteOf(one.open) ? [`closes at ${one.close}, not after ${one.open}`] : []),
      ...(before !== undefined && minuteOf(before.close) > minuteOf(one.open)
        ? [`${before.open}-${before.close} and ${one.open}-${one.close} overlap`]
        : []),
    ];
  });
}

const datesProblems = ({ id, from, until }: QuietHoursRule): readonly string[] =>
  until !== undefined && until <= from ? [`${id}: ends on ${until}, not after ${from}`] : [];

/** Rules that follow one another: the same jurisdiction, class and channel. Two at once contradict, and days between them have none. */
function successionProblems(rules: readonly QuietHoursRule[]): readonly string[] {
  const lines = Object.groupBy(
    rules.flatMap((rule) =>
      rule.classes.flatMap((trafficClass) =>
        rule.channels.map((channel) => ({
          rule,
          line: `${rule.jurisdiction}/${trafficClass}/${channel}/${rule.accounts?.join() ?? 'law'}`,
        })),
      ),
    ),
    ({ line }) => line,
  );
  const problems = Object.values(lines).flatMap((line) => inSuccession((line ?? []).map(({ rule }) => rule)));
  return [...new Set(problems)];
}

function inSuccession(rules: readonly QuietHoursRule[]): readonly string[] {
  const sorted = rules.toSorted((left, right) => (left.from < right.from ? -1 : 1));
  return sorted.flatMap((next, index) => {
    const before = sorted[index - 1];
    if (before === undefined) return [];
    if (before.until === undefined || before.until > next.from)
      return [`${before.id} and ${next.id} overlap: both hold in ${next.jurisdiction} on ${next.from}`];
    return before.until < next.from
      ? [
          `${before.id} and ${next.id} leave a gap: nothing holds in ${next.jurisdiction} from ${before.until} to ${next.from}`,
        ]
      : [];
  });
}

const twice = <Value>(values: readonly Value[]): readonly Value[] => [
  ...new Set(values.filter((value, index) => values.indexOf(value) !== index)),
];
