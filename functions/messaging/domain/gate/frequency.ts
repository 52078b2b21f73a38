import type { FrequencyCap } from '../../../shared/contract/rules/frequency.ts';
import { reachesAt } from '../scheduling.ts';
import type { GatedSend, GateFacts } from './facts.ts';
import { type RuleVerdict, verdictsOf } from './verdict.ts';

/** Nobody is reached more often than the caps of the place and the class allow, whatever intents there are. */
export function frequencyRule({ now, send, recipient, frequency, policy }: GateFacts): RuleVerdict {
  const caps = capsFor(policy.frequency, send, recipient.regions);
  const sent = frequency.filter(({ intentId }) => intentId !== send.intentId);
  const at = reachesAt(now, send.sendAt);
  const verdicts = verdictsOf('frequency', {
    trafficClass: send.trafficClass,
    caps: caps.map(({ id }) => id).join(' '),
    sent: sent.length,
  });
  if (caps.length === 0) return verdicts.pass(`${send.trafficClass} messages have no cap there`);
  const waits = caps.map((cap) => ({ cap, until: freeAt(cap, sent, at) }));
  const longest = waits.reduce((one, other) => (other.until > one.until ? other : one));
  if (longest.until <= at) return verdicts.pass('the recipient gets no more than the caps allow');
  const { count, perSeconds, id } = longest.cap;
  return verdicts.hold(
    `the recipient gets at most ${count} ${send.trafficClass} messages in ${perSeconds / 3600} h (${id})`,
    longest.until,
  );
}

/** The caps of a class and channel in every region that comes into question. */
export const capsFor = (
  caps: readonly FrequencyCap[],
  { trafficClass, channel }: Pick<GatedSend, 'trafficClass' | 'channel'>,
  regions: readonly string[],
): readonly FrequencyCap[] =>
  caps.filter(
    ({ jurisdiction, classes, channels }) =>
      classes.includes(trafficClass) &&
      channels.includes(channel) &&
      (jurisdiction === '*' ||
        regions.some((region) => region === jurisdiction || region.slice(0, 2) === jurisdiction)),
  );

/** When one more fits into every stretch of the cap: once the message that is `count` places back lies a whole stretch behind. */
function freeAt(
  { count, perSeconds }: FrequencyCap,
  sent: readonly { readonly at: number }[],
  at: number,
): number {
  const instants = sent.map((one) => one.at).toSorted((left, right) => right - left);
  const limiting = instants[count - 1];
  return limiting === undefined ? at : Math.max(at, limiting + perSeconds * 1000);
}
