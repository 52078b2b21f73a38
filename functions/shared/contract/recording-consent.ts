/** What must have happened before the recording begins, from the weakest on; apart from its schema, which needs zod. */
export const RECORDING_CONSENT = ['nothing', 'notice', 'key-press'] as const;
export type RecordingConsent = (typeof RECORDING_CONSENT)[number];
