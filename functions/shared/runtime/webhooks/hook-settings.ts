import { ENVIRONMENT } from '../../contract/environment.ts';
import {
  type Environment,
  EnvironmentError,
  requireEnvironment,
  requireEnvironmentList,
} from '../environment.ts';

/** What every function that Twilio calls must know of its public face. */
export interface HookSettings {
  /** Canonical origin that Twilio was given, such as `https://hooks.example.com`; no trailing slash. */
  readonly hooksOrigin: string;
  readonly accountSids: ReadonlySet<string>;
}

/** Scheme, host and port; a user, a path or a trailing slash would never be in what Twilio signs. */
const ORIGIN = /^https?:\/\/[A-Za-z0-9.[\]:-]+$/;

/** @throws EnvironmentError */
export const readHookSettings = (environment: Environment): HookSettings => {
  const hooksOrigin = requireEnvironment(ENVIRONMENT.hooksOrigin, environment);
  if (!ORIGIN.test(hooksOrigin)) throw new EnvironmentError(ENVIRONMENT.hooksOrigin, 'is not an origin');
  return {
    hooksOrigin,
    accountSids: new Set(requireEnvironmentList(ENVIRONMENT.accountSids, environment)),
  };
};
