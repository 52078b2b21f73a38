import { regionsOfNumber } from '../../../shared/contract/numbering/calling-codes.ts';
import { RECORDING_CONSENT, type RecordingConsent } from '../../../shared/contract/recording-consent.ts';
import type { RecordingNotice, RecordingPolicy } from '../../../shared/contract/recording-policy.ts';

/** The parties as Twilio names them: numbers, `client:name`, SIP addresses, or words for a withheld number. */
export interface CallEnds {
  readonly from: string;
  readonly to: string;
}

/** What must be done before a call is recorded, and how. `notice` is absent where nothing needs to be said. */
export interface RecordingPlan {
  /** Stronger of what the law wants of any end and of the house's own minimum. */
  readonly before: RecordingConsent;
  /** What the law wants: without a proof of it, the recording must not be kept. */
  readonly required: RecordingConsent;
  readonly notice?: RecordingNotice;
  readonly channels: 'mono' | 'dual';
  /** Presumed places of the ends, `unknown` among them; sorted, each once. */
  readonly places: readonly string[];
  readonly policyVersion: string;
  readonly explanation: string;
}

/**
 * The strictest rule of both ends. A number's place is a presumption: people move and keep their numbers, so that a policy is
 * well advised to announce every recording (`always`).
 */
export function recordingPlan(policy: RecordingPolicy, ends: CallEnds): RecordingPlan {
  const places = placesOf(policy, ends);
  const required = strictest(places.map((place) => requirementOf(policy, place)));
  const before = strictest([required, policy.always]);
  const notice = policy.notices.find(({ obtains }) => obtains === before);
  return {
    before,
    required,
    ...(notice === undefined ? {} : { notice }),
    channels: policy.channels,
    places,
    policyVersion: policy.version,
    explanation: `${places.join(' and ')}: the law wants ${WORDS[required]}, this house ${WORDS[policy.always]}`,
  };
}

/** Whether what was obtained is at least what the law wants of these places. */
export const suffices = (obtained: RecordingConsent, required: RecordingConsent): boolean =>
  rankOf(obtained) >= rankOf(required);

/** What the law wants of a call between these places; of a call of which none is known, what holds elsewhere. */
export const requiredBetween = (policy: RecordingPolicy, places: readonly string[]): RecordingConsent =>
  strictest((places.length === 0 ? [UNKNOWN_PLACE] : places).map((place) => requirementOf(policy, place)));

const WORDS: Readonly<Record<RecordingConsent, string>> = {
  nothing: 'nothing',
  notice: 'a notice',
  'key-press': 'a key press',
};

const rankOf = (consent: RecordingConsent): number => RECORDING_CONSENT.indexOf(consent);

const strictest = (consents: readonly RecordingConsent[]): RecordingConsent =>
  consents.reduce((left, right) => (rankOf(right) > rankOf(left) ? right : left), 'nothing');

/** A part of a country without an entry has its country's. */
const requirementOf = ({ places, elsewhere }: RecordingPolicy, code: string): RecordingConsent =>
  [code, code.slice(0, 2)]
    .map((name) => places.find((place) => place.code === name)?.requires)
    .find((requires) => requires !== undefined) ?? elsewhere;

const UNKNOWN_PLACE = 'unknown';

/** Where a call's ends are presumed to be, and where we are; `unknown` for toll-free numbers and for what is no number. */
export const placesOf = ({ ourPlaces }: RecordingPolicy, { from, to }: CallEnds): readonly string[] =>
  [...new Set([...candidates(from), ...candidates(to), ...ourPlaces])].sort();

const NUMBER = /^\+[1-9]\d{6,14}$/;

function candidates(party: string): readonly string[] {
  const regions = NUMBER.test(party) ? regionsOfNumber(party) : [];
  return regions.length === 0 ? [UNKNOWN_PLACE] : regions;
}
