import { webhookUrl } from '../shared/contract/webhook-urls.ts';
import type { FormFields } from '../shared/twilio/form-body.ts';
import { isOpenAt } from './domain/hours.ts';
import { safeAnswer } from './domain/safe-answer.ts';
import type { PlannedRecording, StepEnvironment, StepLinks } from './domain/step-environment.ts';
import type { Verb } from './domain/verbs.ts';
import type { AnswerSettings } from './ports.ts';
import { stepToken, waitToken } from './step-tokens.ts';

export interface Surroundings {
  readonly accountSid: string;
  readonly secret: string;
  /** The version that the step leads to: its tokens stand in the answer. */
  readonly version: number;
  readonly fields: FormFields;
  readonly now: number;
}

/** What a step sees of its deployment: addresses with the next tokens, the hour, the numbers, the recording policy. */
export const describeSurroundings = (
  { accountSid, secret, version, fields, now }: Surroundings,
  settings: AnswerSettings,
): StepEnvironment => {
  const { calendars, destinations, workflows } = settings.voice;
  return {
    links: linksOf(settings, accountSid, secret, version),
    isOpen: (name) => {
      const calendar = calendars[name];
      return calendar !== undefined && isOpenAt(calendar, now);
    },
    destinations,
    workflows,
    recordingPlan: plannedRecording(fields, settings),
    apology: apologyOf(accountSid, settings),
  };
};

const linksOf = (
  { hooksOrigin }: AnswerSettings,
  accountSid: string,
  secret: string,
  version: number,
): StepLinks => ({
  step: webhookUrl(hooksOrigin, 'callStep', { accountSid, token: stepToken(secret, version) }),
  wait: webhookUrl(hooksOrigin, 'callWait', { accountSid, token: waitToken(secret, version) }),
  recordings: webhookUrl(hooksOrigin, 'recordings', { accountSid }),
});

export const plannedRecording = (fields: FormFields, { planRecording }: AnswerSettings): PlannedRecording =>
  planRecording({ from: fields.get('From')?.[0] ?? '', to: fields.get('To')?.[0] ?? '' });

/** What is said where nothing else can be; its only addresses are static ones and the recordings' hook. */
export const apologyOf = (
  accountSid: string,
  { hooksOrigin, fallbackUrl, voice }: AnswerSettings,
): readonly Verb[] =>
  safeAnswer(voice.fallback, {
    goodbye: goodbyeUrl(fallbackUrl),
    recordings: webhookUrl(hooksOrigin, 'recordings', { accountSid }),
  });

/** The second static document stands beside the first. */
const goodbyeUrl = (fallbackUrl: string): string => fallbackUrl.replace(/[^/]*$/, 'goodbye.xml');
