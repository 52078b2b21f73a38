import type { Patch } from '../runner/bundle.ts';

/** A mistake that systems like this one have made; the simulation must find it when it is made here. */
export interface KnownBug {
  readonly name: string;
  readonly mistake: string;
  readonly patches: readonly Omit<Patch, 'name'>[];
}

/** A bug that one file makes. */
export const inOneFile = (
  name: string,
  mistake: string,
  file: string,
  ...edits: Patch['edits']
): KnownBug => ({ name, mistake, patches: [{ file, edits }] });
