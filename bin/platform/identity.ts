import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { jsonFile } from '../../local/cloud/state/json-file.ts';

/** Secrets of one local platform: made at its first start, kept with its state. */
const Identity = z.object({ authToken: z.string(), clientSecret: z.string() });
export type Identity = z.infer<typeof Identity>;

export function readIdentity(stateDirectory: string): Identity {
  const file = jsonFile(join(stateDirectory, 'identity.json'), Identity, () => ({
    authToken: randomBytes(16).toString('hex'),
    clientSecret: randomBytes(24).toString('base64url'),
  }));
  const identity = file.read();
  file.write(identity);
  return identity;
}
