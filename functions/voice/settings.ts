import { ENVIRONMENT } from '../shared/contract/environment.ts';
import type { VoiceSettings } from '../shared/contract/flows/voice-settings.ts';
import { type Environment, EnvironmentError, requireEnvironment } from '../shared/runtime/environment.ts';
import { readHookSettings } from '../shared/runtime/webhooks/hook-settings.ts';
import { planRecording } from './plan-recording.ts';
import type { AnswerSettings } from './ports.ts';

/** @throws EnvironmentError */
export const readAnswerSettings = (environment: Environment): AnswerSettings => {
  const voice = readVoiceSettings(requireEnvironment(ENVIRONMENT.voiceSettings, environment));
  return {
    ...readHookSettings(environment),
    voice,
    fallbackUrl: requireEnvironment(ENVIRONMENT.voiceFallbackUrl, environment),
    planRecording: (ends) => planRecording(ends),
  };
};

/** The synth has judged the settings by their schema; loading zod would double the cold start (docs/adr/0006). */
const readVoiceSettings = (json: string): VoiceSettings => {
  try {
    return JSON.parse(json);
  } catch {
    throw new EnvironmentError(ENVIRONMENT.voiceSettings, 'is not JSON');
  }
};
