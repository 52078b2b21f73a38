import { pauseOf, reasonOfPause } from '../sending-control.ts';
import type { GateFacts } from './facts.ts';
import { type RuleVerdict, verdictsOf } from './verdict.ts';

/** What operators stopped waits until they start it again. */
export function operationsRule({ control, send }: GateFacts): RuleVerdict {
  const pause = pauseOf(control, send);
  const { pool, trafficClass, campaign } = send;
  const scopes = { pool, trafficClass, ...(campaign === undefined ? {} : { campaign }) };
  if (pause === undefined)
    return verdictsOf('operations', { ...scopes, state: 'running' }).pass('nothing is paused');
  const state = pause.kind === 'freeze' ? 'frozen' : 'paused';
  return verdictsOf('operations', { ...scopes, state, scope: pause.scope }).hold(reasonOfPause(pause));
}
