import { ENVIRONMENT } from '../shared/contract/environment.ts';
import {
  type Environment,
  EnvironmentError,
  requireEnvironment,
  requireEnvironmentInteger,
  requireEnvironmentList,
} from '../shared/runtime/environment.ts';
import type { IngressSettings } from './ports.ts';

/** Scheme, host and port; a user, a path or a trailing slash would never be in what Twilio signs. */
const ORIGIN = /^https?:\/\/[A-Za-z0-9.[\]:-]+$/;

/** @throws EnvironmentError */
export const readIngressSettings = (environment: Environment): IngressSettings => {
  const hooksOrigin = requireEnvironment(ENVIRONMENT.hooksOrigin, environment);
  if (!ORIGIN.test(hooksOrigin)) throw new EnvironmentError(ENVIRONMENT.hooksOrigin, 'is not an origin');
  return {
    hooksOrigin,
    accountSids: new Set(requireEnvironmentList(ENVIRONMENT.accountSids, environment)),
    retentionDays: requireEnvironmentInteger(ENVIRONMENT.inboxRetentionDays, environment),
  };
};
