import type { Flow, Prompts } from '../../shared/contract/flows/flow.ts';
import { FlowError } from './call-state.ts';
import type { Speech } from './verbs.ts';

const PLACEHOLDER = /\{([a-z][a-z0-9-]*)\}/g;

/** Names that the prompts mention. */
export const placeholdersIn = (prompts: Prompts): readonly string[] =>
  prompts.flatMap((part) =>
    'say' in part ? [...part.say.matchAll(PLACEHOLDER)].map(([, name = '']) => name) : [],
  );

/** Prompts as verbs, with the values put in. @throws FlowError where a value is missing */
export const speak = (
  prompts: Prompts,
  flow: Flow,
  values: Readonly<Record<string, string>>,
): readonly Speech[] =>
  prompts.map((part): Speech => {
    if ('play' in part) return { verb: 'play', url: part.play };
    const text = part.say.replace(PLACEHOLDER, (_, name: string) => spoken(name, flow, values));
    return {
      verb: 'say',
      text,
      language: flow.language,
      ...(flow.voice !== undefined && { voice: flow.voice }),
    };
  });

const spoken = (name: string, flow: Flow, values: Readonly<Record<string, string>>): string => {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) throw new FlowError(`no value for {${name}}`);
  return flow.context?.[name]?.kind === 'digits' ? [...value].join(' ') : value;
};
