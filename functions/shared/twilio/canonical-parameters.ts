import { distinctSorted, sortedNames } from './signed-string.ts';

/**
 * One unambiguous text for a set of parameters: lengths before names and values, so that no two sets share it. Its
 * hash tells a repeat from other content under the same key, whatever order or spelling the wire had.
 */
export const canonicalParameters = (
  fields: ReadonlyMap<string, readonly string[]>,
  leftOut: ReadonlySet<string> = NOTHING,
): string => {
  let canonical = '';
  for (const name of sortedNames(fields)) {
    if (leftOut.has(name)) continue;
    for (const value of distinctSorted(fields.get(name) ?? []))
      canonical += `${name.length}:${name}${value.length}:${value}`;
  }
  return canonical;
};

const NOTHING: ReadonlySet<string> = new Set();

/** Twilio adds these to the fallback's request; the message is the same one (protocols, section 2). */
export const ADDED_BY_FALLBACK: ReadonlySet<string> = new Set(['ErrorCode', 'ErrorUrl']);
