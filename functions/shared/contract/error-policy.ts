import channels from '../../../config/error-policy/channels.json' with { type: 'json' };
import delivery from '../../../config/error-policy/delivery.json' with { type: 'json' };
import policy from '../../../config/error-policy/policy.json' with { type: 'json' };
import requests from '../../../config/error-policy/requests.json' with { type: 'json' };
import verify from '../../../config/error-policy/verify.json' with { type: 'json' };
import webhooks from '../../../config/error-policy/webhooks.json' with { type: 'json' };
import {
  type ErrorClass,
  ErrorCodeEntry,
  ErrorPolicyDocument,
  type RetryRule,
  type Trouble,
} from './error-policy-schema.ts';

/** What a Twilio error code means for support and for what Trunkline does next. */
export interface ErrorPolicy extends ErrorClass {
  readonly code: number;
  readonly class: string;
  /** In plain words. */
  readonly meaning: string;
  /** What support does next. */
  readonly nextAction: string;
  /** False: the default of codes that the policy does not have. */
  readonly isKnown: boolean;
  readonly retryRule: RetryRule;
  /** Dated. */
  readonly source: string;
}

/** The files of `config/error-policy/` that are part of every bundle; synth refuses a file that is not among them. */
export const ERROR_POLICY_FILES = { channels, delivery, requests, verify, webhooks } as const;

const entries = new Map(
  Object.values(ERROR_POLICY_FILES)
    .flatMap<{ readonly code: number }>(({ codes }) => codes)
    .map((entry) => [entry.code, entry] as const),
);

/** Checked at synth; parsed once, when the first code is looked up. */
let document: ErrorPolicyDocument | undefined;
const documentOf = (): ErrorPolicyDocument => {
  document ??= ErrorPolicyDocument.parse(policy);
  return document;
};

export function errorPolicyOf(code: number): ErrorPolicy {
  const { classes, retries, sources, unknownCode } = documentOf();
  const found = entries.get(code);
  const { source, ...entry } = found === undefined ? { ...unknownCode, code } : ErrorCodeEntry.parse(found);
  const ofClass = required(classes, entry.class);
  const retry = entry.retry ?? ofClass.retry;
  return {
    ...ofClass,
    ...entry,
    retry,
    retryRule: required(retries, retry),
    source: required(sources, source),
    isKnown: found !== undefined,
  };
}

/** From when on failures of this kind mean that a pool is in trouble; undefined for `none`. */
export const troubleOf = (kind: string): Trouble | undefined => documentOf().troubles[kind];

export const knownErrorCodes = (): readonly number[] => [...entries.keys()].sort((one, two) => one - two);

/** Meaning and next action, as one line of a story. */
export const explainError = (code: number): string => {
  const { meaning, nextAction } = errorPolicyOf(code);
  return `${meaning} Next: ${nextAction}`;
};

const required = <Value>(values: Readonly<Record<string, Value>>, name: string): Value => {
  const value = values[name];
  if (value === undefined) throw new Error(`the error policy names '${name}', which it does not define`);
  return value;
};
