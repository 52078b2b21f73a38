import { createHmac } from 'node:crypto';

/**
 * The opaque id of an address: a keyed hash, so that it says nothing to whoever lacks the deployment's key, stands in keys,
 * events and URLs, and goes on naming the address after the address itself was erased.
 */
export const contactIdOf = (key: string, address: string): string =>
  `con_${createHmac('sha256', key).update(address, 'utf8').digest('hex').slice(0, 32)}`;
