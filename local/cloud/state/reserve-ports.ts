import { createServer } from 'node:net';
import { join } from 'node:path';
import * as z from 'zod';
import { type JsonFile, jsonFile } from './json-file.ts';

const portsSchema = z.record(z.string(), z.number());

const portsFile = (stateDirectory: string): JsonFile<Record<string, number>> =>
  jsonFile(join(stateDirectory, 'ports.json'), portsSchema, () => ({}));

/**
 * Loopback ports by name, the same at every start of this state directory while they are free.
 * A port that somebody else holds meanwhile is given up for a free one.
 */
export async function reservePorts<Name extends string>(
  stateDirectory: string,
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const file = portsFile(stateDirectory);
  const known = new Map<string, number>(Object.entries(file.read()));
  const reserved = new Map<Name, number>();
  for (const name of names) {
    const taken = new Set([...reserved.values(), ...otherPorts(known, name)]);
    reserved.set(name, await stablePort(known.get(name), taken));
    known.set(name, reserved.get(name) ?? 0);
  }
  file.write(Object.fromEntries(known));
  // Every name was set in the loop; Object.fromEntries forgets the type of the keys.
  return Object.fromEntries(reserved) as Record<Name, number>;
}

function otherPorts(known: ReadonlyMap<string, number>, name: string): number[] {
  return [...known].filter(([other]) => other !== name).map(([, port]) => port);
}

async function stablePort(wanted: number | undefined, taken: ReadonlySet<number>): Promise<number> {
  if (wanted !== undefined && (await isFree(wanted))) return wanted;
  for (;;) {
    const port = await freePort();
    if (!taken.has(port)) return port;
  }
}

const isFree = (port: number): Promise<boolean> =>
  listenOnce(port).then(
    () => true,
    () => false,
  );

const freePort = (): Promise<number> => listenOnce(0);

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      const found = typeof address === 'object' && address !== null ? address.port : port;
      probe.close(() => resolve(found));
    });
  });
}
