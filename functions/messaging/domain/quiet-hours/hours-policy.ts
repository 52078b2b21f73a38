import type { QuietHoursFile } from '../../../shared/contract/rules/quiet-hours.ts';
import type { TrafficClass } from '../../../shared/contract/settings.ts';
import type { GateChannel } from '../gate/facts.ts';
import { type HoursRule, prepareRule } from './hours-rule.ts';

/** The rules in force for a kind of message to a recipient of these regions. */
export type HoursPolicy = (kind: HoursQuery) => readonly HoursRule[];

export interface HoursQuery {
  readonly accountSid: string;
  readonly channel: GateChannel;
  readonly trafficClass: TrafficClass;
  /** Candidates: all of them bind. */
  readonly regions: readonly string[];
}

const EVERYWHERE_ELSE = '*';

/**
 * A region is bound by its own rules, its country's and its groups', all at once; where the law has none for such a message, by those
 * for everywhere else. What accounts add binds besides.
 */
export function prepareHours(files: readonly QuietHoursFile[]): HoursPolicy {
  const rules = files.flatMap((file) => file.rules.map(prepareRule));
  const groups = files.flatMap((file) => Object.entries(file.groups));
  const namesOf = (region: string): ReadonlySet<string> => {
    const country = region.slice(0, 2);
    const inGroups = groups.filter(([, members]) => members.includes(country)).map(([name]) => name);
    return new Set([region, country, ...inGroups]);
  };
  return ({ accountSid, channel, trafficClass, regions }) => {
    const fitting = rules.filter(
      ({ rule }) => rule.classes.includes(trafficClass) && rule.channels.includes(channel),
    );
    const law = fitting.filter(({ rule }) => rule.accounts === undefined);
    const own = fitting.filter(({ rule }) => rule.accounts?.includes(accountSid) === true);
    const bindingRegion = (names: ReadonlySet<string>): readonly HoursRule[] => {
      const named = law.filter(({ rule }) => names.has(rule.jurisdiction));
      const lawful =
        named.length > 0 ? named : law.filter(({ rule }) => rule.jurisdiction === EVERYWHERE_ELSE);
      const added = own.filter(
        ({ rule }) => rule.jurisdiction === EVERYWHERE_ELSE || names.has(rule.jurisdiction),
      );
      return [...lawful, ...added];
    };
    const places = regions.length === 0 ? [new Set<string>()] : regions.map(namesOf);
    return [...new Set(places.flatMap(bindingRegion))];
  };
}
