import type { GatherState, MenuState } from '../../shared/contract/flows/flow.ts';

type Option = MenuState<string>['options'][number];

/** What a key or a sentence means; keys go before words, and words that fit two options mean none. */
export const chosenOption = (
  options: readonly Option[],
  digits: string | undefined,
  speech: string | undefined,
): Option | undefined => {
  if (digits !== undefined && digits !== '') return options.find(({ key }) => key === digits);
  const said = ` ${words(speech ?? '')} `;
  const meant = options.filter(({ phrases = [] }) =>
    phrases.some((phrase) => said.includes(` ${words(phrase)} `)),
  );
  return meant.length === 1 ? meant[0] : undefined;
};

const words = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}']+/gu, ' ')
    .trim();

/** Whether the answer may be kept; lengths in characters, not in UTF-16 units. */
export const isAcceptable = (
  { input, minimumLength, maximumLength }: GatherState<string>,
  answer: string,
): boolean => {
  const length = [...answer].length;
  const isOfForm = input === 'speech' || /^[0-9*#]+$/.test(answer);
  return isOfForm && length >= minimumLength && length <= maximumLength;
};
