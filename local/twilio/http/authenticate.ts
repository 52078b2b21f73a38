import { timingSafeEqual } from 'node:crypto';
import type { AccountRecord } from '../state/simulator-state.ts';

/**
 * The account whose resources a request may use: Basic credentials of the account itself or of its parent,
 * either with an auth token (primary or secondary) or with an API key.
 */
export function authenticate(
  authorization: string | undefined,
  accountSid: string,
  accounts: readonly AccountRecord[],
): AccountRecord | undefined {
  const credentials = readBasic(authorization);
  const account = accounts.find((each) => each.accountSid === accountSid);
  if (!credentials || !account) return undefined;
  const owners = accounts.filter((each) =>
    [account.accountSid, account.ownerAccountSid].includes(each.accountSid),
  );
  return owners.some((owner) => accepts(owner, credentials)) ? account : undefined;
}

/** The account that the credentials name by themselves, for resources that have no account in their path. */
export function authenticateAny(
  authorization: string | undefined,
  accounts: readonly AccountRecord[],
): AccountRecord | undefined {
  const credentials = readBasic(authorization);
  return credentials && accounts.find((account) => accepts(account, credentials));
}

interface Credentials {
  readonly user: string;
  readonly password: string;
}

function readBasic(authorization: string | undefined): Credentials | undefined {
  const encoded = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (!encoded) return undefined;
  const [user = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { user, password: rest.join(':') };
}

function accepts(account: AccountRecord, { user, password }: Credentials): boolean {
  const secrets =
    user === account.accountSid
      ? [account.authToken, account.secondaryAuthToken]
      : account.apiKeys.filter(({ sid }) => sid === user).map(({ secret }) => secret);
  return secrets.some((secret) => secret !== undefined && equal(secret, password));
}

function equal(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
