import document from '../../config/recording/policy.json' with { type: 'json' };
import { RecordingPolicy } from '../shared/contract/recording-policy.ts';

/** The policy that this deployment was built with. @throws ZodError where it contradicts itself; synth has refused it then */
export const readRecordingPolicy = (): RecordingPolicy => RecordingPolicy.parse(document);
