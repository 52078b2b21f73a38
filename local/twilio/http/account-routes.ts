import { rfc2822 } from '../domain/render-message.ts';
import type { AccountRecord } from '../state/simulator-state.ts';
import type { ApiRoute } from './api-call.ts';
import { json } from './reply.ts';

export const accountRoutes: readonly ApiRoute[] = [
  { method: 'GET', path: '.json', handle: ({ account }) => json(200, renderAccount(account)) },
];

function renderAccount(account: AccountRecord): Record<string, unknown> {
  const uri = `/2010-04-01/Accounts/${account.accountSid}`;
  return {
    auth_token: account.authToken,
    date_created: rfc2822(account.createdAt),
    date_updated: rfc2822(account.createdAt),
    friendly_name: account.friendlyName,
    owner_account_sid: account.ownerAccountSid,
    sid: account.accountSid,
    status: 'active',
    subresource_uris: {
      incoming_phone_numbers: `${uri}/IncomingPhoneNumbers.json`,
      messages: `${uri}/Messages.json`,
    },
    type: 'Full',
    uri: `${uri}.json`,
  };
}
