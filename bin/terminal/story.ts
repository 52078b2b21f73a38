import colors from 'picocolors';
import type { TimelineEntry, TimelineView } from '../../functions/shared/contract/api/timeline.ts';

/** Details that only repeat what the line or its neighbours say already. */
const LEFT_OUT = new Set([
  'version',
  'state',
  'explanation',
  'reason',
  'changed',
  'status',
  'outcome',
  'inboxKey',
  'intentId',
  'messageSid',
  'publishedAt',
  'handledAt',
  'receivedAt',
  'requestedBy',
  'trafficClass',
  'pool',
]);

const GOOD = new Set(['delivered', 'read', 'received', 'ACCEPTED']);
const BAD = new Set(['failed', 'undelivered', 'canceled', 'REJECTED', 'EXPIRED', 'UNKNOWN', 'PARKED']);

const colorOfState = (state: string): ((text: string) => string) =>
  GOOD.has(state) ? colors.green : BAD.has(state) ? colors.red : colors.yellow;

const clockOf = (instant: string): string => instant.slice(11, 23);

/** Milliseconds since the first entry, e.g. `+1.204 s`. */
const sinceStart = (entry: TimelineEntry, start: number): string =>
  `+${((Date.parse(entry.at) - start) / 1000).toFixed(3)} s`.padStart(11);

/** How long the entry took to get here: from the webhook, and from the write to the timeline. */
function delays({ at, occurredAt, detail }: TimelineEntry): readonly string[] {
  const since = (later: string, earlier: string): number => Date.parse(later) - Date.parse(earlier);
  return [
    ...(occurredAt === undefined ? [] : [`received ${since(at, occurredAt)} ms before`]),
    ...(typeof detail.handledAt === 'string'
      ? [`on the timeline after ${since(detail.handledAt, at)} ms`]
      : []),
  ];
}

function entryLines(entry: TimelineEntry, start: number, verbose: boolean): readonly string[] {
  const head = `  ${colors.dim(clockOf(entry.at))} ${colors.dim(sinceStart(entry, start))}  ${colors.cyan(entry.kind.padEnd(24))} ${entry.summary}`;
  const facts = Object.entries(entry.detail)
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, value]) => `${name}=${value}`);
  const details = verbose ? [...facts, ...delays(entry)] : [];
  return details.length === 0 ? [head] : [head, `  ${' '.repeat(25)}${colors.dim(details.join('  '))}`];
}

/** A story for the terminal: state first, then every entry in the order in which it was learned. */
export function renderStory(timeline: TimelineView, options: { readonly verbose?: boolean } = {}): string {
  const start = Date.parse(timeline.entries[0]?.at ?? '');
  const paint = colorOfState(timeline.state);
  const related = timeline.related.length === 0 ? [] : [colors.dim(`  with ${timeline.related.join(', ')}`)];
  return [
    `${colors.bold(timeline.subject)}  ${paint(colors.bold(timeline.state))}`,
    ...related,
    ...timeline.entries.flatMap((entry) => entryLines(entry, start, options.verbose ?? true)),
  ].join('\n');
}
