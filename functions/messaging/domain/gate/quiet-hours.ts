import { type Bond, type LegalHours, legalHours } from '../quiet-hours/legal-hours.ts';
import { reachesAt } from '../scheduling.ts';
import type { GateFacts } from './facts.ts';
import { type RuleVerdict, verdictsOf } from './verdict.ts';

/** Between the verdict and the recipient: the guard of 8 s, and the shortest ValidityPeriod that Twilio recommends, 5 s. */
const CLOSING_MARGIN_MILLISECONDS = 15_000;
/** Twilio keeps a message for 36,000 s at most: what closes later is of no interest. */
const LONGEST_VALIDITY_MILLISECONDS = 36_000_000;

/** People are reached in the legal hours of every place where they may be, by the clock of every zone that they may be in. */
export function quietHoursRule({ now, send, recipient, policy }: GateFacts): RuleVerdict {
  const rules = policy.quietHours({ ...send, regions: recipient.regions });
  const at = reachesAt(now, send.sendAt);
  const verdicts = verdictsOf('quiet-hours', {
    trafficClass: send.trafficClass,
    regions: recipient.regions.join(' '),
    regionsBy: recipient.regionBasis,
    zones: recipient.zones.join(' '),
    zonesBy: recipient.zoneBasis,
    rules: rules.map(({ rule }) => rule.id).join(' '),
    reachesAt: new Date(at).toISOString(),
  });
  if (rules.length === 0) return verdicts.pass(`no quiet hours bind ${send.trafficClass} messages there`);
  if (recipient.zones.length === 0)
    return verdicts.refuse('nothing tells the recipient’s time zone: name it, or a postcode');
  const bonds = rules.flatMap((rule) => recipient.zones.map((zone) => ({ rule, zone })));
  const hours = withMargin(bonds, at);
  switch (hours.kind) {
    case 'open':
      return verdicts.pass('these are legal hours in every zone that comes into question', hours.until);
    case 'closed':
      return verdicts.hold(`quiet hours of ${named(hours.by)} until ${iso(hours.until)}`, hours.until);
    case 'never':
      return verdicts.refuse(
        `no hour is legal in all zones that come into question (${named(hours.by)} is one): name the time zone`,
      );
  }
}

/** What would arrive at the very end is held like what would arrive behind it. */
function withMargin(bonds: readonly Bond[], at: number): LegalHours {
  const hours = legalHours(bonds, at, at + LONGEST_VALIDITY_MILLISECONDS);
  const closesSoon =
    hours.kind === 'open' && hours.until !== undefined && hours.until - at < CLOSING_MARGIN_MILLISECONDS;
  return closesSoon ? legalHours(bonds, hours.until, hours.until) : hours;
}

const named = ({ rule: { rule }, zone }: Bond): string => `${rule.jurisdiction} (${rule.id}) in ${zone}`;

const iso = (instant: number): string => new Date(instant).toISOString();
