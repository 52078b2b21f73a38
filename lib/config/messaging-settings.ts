import type { MessagingSettings } from '../../functions/shared/contract/settings.ts';
import type { Environment } from './environment-configuration.ts';

/** The part of the configuration that messaging functions read, as they read it. */
export const messagingSettings = ({ configuration }: Environment): string => {
  const { pools, autoResponder, acceptTestNumbers } = configuration;
  return JSON.stringify({ pools, autoResponder, acceptTestNumbers } satisfies MessagingSettings);
};
