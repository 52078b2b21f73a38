import { CommandError } from '../commands/command-error.ts';
import { readLocalFile } from './local-file.ts';

/** Environment variables that point an AWS SDK at the running local platform. @throws CommandError where none runs */
export function localAws(): Readonly<Record<string, string>> {
  const local = readLocalFile();
  if (local === undefined) throw new CommandError('no local platform: run `npm start` first');
  return local.aws;
}
