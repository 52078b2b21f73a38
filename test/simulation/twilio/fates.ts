/** What becomes of one POST: whether Twilio has a message afterwards, and what the caller sees. */
export interface Fate {
  readonly accepts: boolean;
  readonly shows:
    | 'created'
    | 'connection-refused'
    | 'too-many-requests'
    | 'twilio-error'
    | 'server-error'
    | 'timeout'
    | 'reset'
    | 'rubbish'
    | 'proxy-refusal';
  readonly errorCode?: number;
  readonly retryAfterSeconds?: number;
}

export const FATES = {
  accepted: { accepts: true, shows: 'created' },
  refused: { accepts: false, shows: 'connection-refused' },
  throttled: { accepts: false, shows: 'too-many-requests' },
  'throttled-later': { accepts: false, shows: 'too-many-requests', retryAfterSeconds: 90 },
  rejected: { accepts: false, shows: 'twilio-error', errorCode: 21211 },
  'opted-out': { accepts: false, shows: 'twilio-error', errorCode: 21610 },
  'server-error': { accepts: false, shows: 'server-error' },
  'server-error-accepted': { accepts: true, shows: 'server-error' },
  timeout: { accepts: false, shows: 'timeout' },
  'timeout-accepted': { accepts: true, shows: 'timeout' },
  reset: { accepts: false, shows: 'reset' },
  'reset-accepted': { accepts: true, shows: 'reset' },
  'rubbish-accepted': { accepts: true, shows: 'rubbish' },
  'proxy-refusal': { accepts: false, shows: 'proxy-refusal' },
} as const satisfies Record<string, Fate>;

export type FateName = keyof typeof FATES;
