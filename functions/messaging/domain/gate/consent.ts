import type { TrafficClass } from '../../../shared/contract/settings.ts';
import type { ConsentStanding, GateFacts } from './facts.ts';
import { type RuleVerdict, verdictsOf } from './verdict.ts';

/**
 * What a class needs of its recipient. Marketing needs a recorded opt-in; the others go to everybody who did not opt out. A one-time
 * code was asked for this very minute: a suspicion does not hold it, an opt-out does.
 */
const NEEDS: Readonly<Record<TrafficClass, { readonly optIn: boolean; readonly heldBySuspicion: boolean }>> =
  {
    marketing: { optIn: true, heldBySuspicion: true },
    transactional: { optIn: false, heldBySuspicion: true },
    otp: { optIn: false, heldBySuspicion: false },
  };

/** Nobody is sent to who said STOP, and nobody is advertised to who did not ask for it. */
export function consentRule({ send, consent }: GateFacts): RuleVerdict {
  const needs = NEEDS[send.trafficClass];
  const verdicts = verdictsOf('consent', {
    trafficClass: send.trafficClass,
    standing: consent.standing,
    ...(consent.scope === undefined ? {} : { scope: consent.scope }),
    ...(consent.since === undefined ? {} : { since: new Date(consent.since).toISOString() }),
  });
  if (send.purpose === 'opt-out-confirmation')
    return verdicts.pass('the one text that confirms an opt-out is allowed after it');
  switch (consent.standing) {
    case 'opted-out':
      return verdicts.refuse(`the recipient opted out${scopeOf(consent)}${sinceOf(consent)}`);
    case 'suspected':
      return needs.heldBySuspicion
        ? verdicts.hold('the recipient wrote what may be an opt-out; somebody has to review it')
        : verdicts.pass('one-time codes go out while a possible opt-out is reviewed');
    case 'opted-in':
      return verdicts.pass(`the recipient opted in${sinceOf(consent)}`);
    case 'none':
      return needs.optIn
        ? verdicts.refuse(`${send.trafficClass} needs an opt-in, and none is recorded`)
        : verdicts.pass(`${send.trafficClass} needs no opt-in, and there is no opt-out`);
  }
}

const scopeOf = ({ scope }: ConsentStanding): string => (scope === undefined ? '' : ` (${scope})`);

const sinceOf = ({ since }: ConsentStanding): string =>
  since === undefined ? '' : ` on ${new Date(since).toISOString().slice(0, 10)}`;
