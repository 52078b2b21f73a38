import document from '../../config/recording/policy.json' with { type: 'json' };
import { RecordingPolicy } from '../../functions/shared/contract/recording-policy.ts';

/** The policy that the bucket's own expiry follows; the functions carry it in their bundles. */
export const recordingPolicy = (): RecordingPolicy => RecordingPolicy.parse(document);
