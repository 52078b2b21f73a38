import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import { MessagingSettings, type SenderPool } from '../../shared/contract/settings.ts';
import { requireEnvironment, requireEnvironmentJson } from '../../shared/runtime/environment.ts';
import type { CallOrigins } from './describe-post.ts';

export interface SenderSettings extends CallOrigins {
  readonly pools: readonly SenderPool[];
}

/** @throws EnvironmentError */
export const readSenderSettings = (): SenderSettings => ({
  hooksOrigin: requireEnvironment(ENVIRONMENT.hooksOrigin),
  callFallbackUrl: requireEnvironment(ENVIRONMENT.voiceFallbackUrl),
  pools: requireEnvironmentJson(ENVIRONMENT.messagingSettings, MessagingSettings).pools,
});
