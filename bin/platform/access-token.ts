import * as z from 'zod';

const Answer = z.object({ access_token: z.string() });

/** An access token of the local issuer, with every scope of the client. */
export async function requestAccessToken(
  issuer: string,
  client: { readonly clientId: string; readonly clientSecret: string },
): Promise<string> {
  const response = await fetch(`${issuer}/oauth2/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}`,
    },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  if (!response.ok) throw new Error(`the local issuer answered ${response.status}`);
  return Answer.parse(await response.json()).access_token;
}
