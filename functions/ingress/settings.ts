import type { KeywordScope } from '../shared/contract/consent-settings.ts';
import { ENVIRONMENT } from '../shared/contract/environment.ts';
import {
  type Environment,
  EnvironmentError,
  requireEnvironment,
  requireEnvironmentInteger,
} from '../shared/runtime/environment.ts';
import { readHookSettings } from '../shared/runtime/webhooks/hook-settings.ts';
import type { TaskInstructions } from './domain/assignment-instruction.ts';
import { isJsonObject, parseJson } from './domain/json.ts';
import type { IngressSettings } from './ports.ts';

/** @throws EnvironmentError */
export const readIngressSettings = (environment: Environment): IngressSettings => ({
  ...readHookSettings(environment),
  retentionDays: requireEnvironmentInteger(ENVIRONMENT.inboxRetentionDays, environment),
  taskInstructions: readTaskInstructions(environment),
});

/** @throws EnvironmentError */
const readTaskInstructions = (environment: Environment): TaskInstructions => {
  const documents = parseJson(requireEnvironment(ENVIRONMENT.taskInstructions, environment));
  const entries = isJsonObject(documents) ? Object.entries(documents) : [undefined];
  return new Map(
    entries.map((entry) => {
      if (entry === undefined || !isJsonObject(entry[1]))
        throw new EnvironmentError(ENVIRONMENT.taskInstructions, 'is no object of instructions');
      return [entry[0], entry[1]];
    }),
  );
};

/** From the settings' JSON, by hand: the schema that synth has checked it against is too heavy for a webhook. @throws EnvironmentError */
export const readKeywordScope = (environment: Environment): KeywordScope => {
  const { consentSettings: name } = ENVIRONMENT;
  const settings: unknown = JSON.parse(requireEnvironment(name, environment));
  const scope =
    typeof settings === 'object' && settings !== null && 'keywordScope' in settings && settings.keywordScope;
  if (scope === 'everything' || scope === 'channel' || scope === 'sender-group') return scope;
  throw new EnvironmentError(name, 'names no scope of keywords');
};
