import { FLOWS } from '../../config/flows/index.ts';
import type { Flow } from '../../functions/shared/contract/flows/flow.ts';
import type { VoiceSettings } from '../../functions/shared/contract/flows/voice-settings.ts';
import { callableFlows, checkFlows } from '../../functions/voice/domain/check/check-flows.ts';
import { showFinding } from '../../functions/voice/domain/check/finding.ts';
import { ConfigurationError } from './configuration-error.ts';

/** @throws ConfigurationError with every finding of the flow checker */
export const requireSoundFlows = (flows: Readonly<Record<string, unknown>> = FLOWS): void => {
  const findings = checkFlows(flows).map(showFinding);
  if (findings.length > 0) throw new ConfigurationError('config/flows', findings);
};

/** What flows leave to the environment must be there: findings as `key path: sentence`. */
export const voiceFindings = (
  voice: VoiceSettings,
  flows: Readonly<Record<string, Flow>> = FLOWS,
): readonly string[] => {
  const callable = new Set(callableFlows(new Map(Object.entries(flows))));
  const entries: readonly (readonly [string, string])[] = [
    ['voice.defaultFlow', voice.defaultFlow],
    ...Object.entries(voice.numbers).map(([number, flow]) => [`voice.numbers.${number}`, flow] as const),
  ];
  return [
    ...entries
      .filter(([, flow]) => !callable.has(flow))
      .map(([key, flow]) => `${key}: there is no flow ${flow} that a call may begin in`),
    ...Object.values(flows).flatMap((flow) => referenceFindings(flow, voice)),
  ];
};

const referenceFindings = (flow: Flow, voice: VoiceSettings): readonly string[] =>
  Object.entries(flow.states).flatMap(([state, definition]) => {
    const missing = (kind: 'destinations' | 'calendars' | 'workflows', names: readonly string[]) =>
      names
        .filter((name) => !Object.hasOwn(voice[kind], name))
        .map((name) => `voice.${kind}.${name}: is missing, and ${flow.name}/${state} needs it`);
    switch (definition.kind) {
      case 'dial':
        return missing('destinations', definition.destinations);
      case 'hours':
        return missing('calendars', [definition.calendar]);
      case 'enqueue':
        return 'workflow' in definition.to ? missing('workflows', [definition.to.workflow]) : [];
      default:
        return [];
    }
  });
