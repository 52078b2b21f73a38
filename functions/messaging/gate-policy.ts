import caps from '../../config/frequency/caps.json' with { type: 'json' };
import canada from '../../config/quiet-hours/canada.json' with { type: 'json' };
import europeanUnion from '../../config/quiet-hours/european-union.json' with { type: 'json' };
import everywhereElse from '../../config/quiet-hours/everywhere-else.json' with { type: 'json' };
import unitedKingdom from '../../config/quiet-hours/united-kingdom.json' with { type: 'json' };
import unitedStates from '../../config/quiet-hours/united-states.json' with { type: 'json' };
import { FrequencyFile } from '../shared/contract/rules/frequency.ts';
import { QuietHoursFile } from '../shared/contract/rules/quiet-hours.ts';
import type { GatePolicy } from './domain/gate/facts.ts';
import { prepareHours } from './domain/quiet-hours/hours-policy.ts';

const QUIET_HOURS = [unitedStates, canada, unitedKingdom, europeanUnion, everywhereElse];

let prepared: GatePolicy | undefined;

/** The rules of `config/`, which stand in the bundle: they are too many for a function's environment, and synth has checked them. */
export function readGatePolicy(): GatePolicy {
  prepared ??= {
    quietHours: prepareHours(QUIET_HOURS.map((file) => QuietHoursFile.parse(file))),
    frequency: FrequencyFile.parse(caps).caps,
  };
  return prepared;
}
