import { ENVIRONMENT } from '../shared/contract/environment.ts';
import { type Environment, requireEnvironmentInteger } from '../shared/runtime/environment.ts';
import { readHookSettings } from '../shared/runtime/webhooks/hook-settings.ts';
import type { IngressSettings } from './ports.ts';

/** @throws EnvironmentError */
export const readIngressSettings = (environment: Environment): IngressSettings => ({
  ...readHookSettings(environment),
  retentionDays: requireEnvironmentInteger(ENVIRONMENT.inboxRetentionDays, environment),
});
