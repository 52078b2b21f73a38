import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import * as z from 'zod';
import { type LoopbackServer, readBody, startLoopbackServer } from '../loopback-server.ts';
import { jsonFile } from '../state/json-file.ts';

/** A machine that may ask for tokens by client credentials. */
export interface IssuerClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Every scope that it may have; a request without scopes gets them all. */
  readonly scopes: readonly string[];
  /** @default no `aud` claim, as Cognito's access tokens; `client_id` then counts as the audience */
  readonly audience?: string;
}

export interface IssuerSettings {
  readonly port: number;
  readonly stateDirectory: string;
  readonly clients: readonly IssuerClient[];
  readonly report: (error: unknown) => void;
}

const TOKEN_SECONDS = 3600;

interface SigningKey {
  readonly privateJwk: JWK;
  readonly publicJwk: JWK;
}

/** A small OpenID Connect issuer for this machine; its key is kept, so tokens outlive a restart. */
export async function startLocalIssuer(settings: IssuerSettings): Promise<LoopbackServer> {
  const key = await signingKey(settings.stateDirectory);
  const issuer = `http://127.0.0.1:${settings.port}`;
  const answers: Readonly<Record<string, (request: IncomingMessage) => Promise<JsonAnswer>>> = {
    'GET /.well-known/openid-configuration': async () => ({ status: 200, body: discovery(issuer) }),
    'GET /jwks.json': async () => ({ status: 200, body: { keys: [key.publicJwk] } }),
    'POST /oauth2/token': async (request) => answerToken(request, { issuer, key, clients: settings.clients }),
  };
  return startLoopbackServer(
    settings.port,
    async (request, response) => {
      const path = request.url?.split('?')[0];
      const answer = answers[`${request.method} ${path}`];
      sendJson(
        response,
        answer === undefined ? { status: 404, body: { error: 'not_found' } } : await answer(request),
      );
    },
    settings.report,
  );
}

interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
}

const discovery = (issuer: string): unknown => ({
  issuer,
  jwks_uri: `${issuer}/jwks.json`,
  token_endpoint: `${issuer}/oauth2/token`,
  grant_types_supported: ['client_credentials'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  id_token_signing_alg_values_supported: ['RS256'],
  response_types_supported: ['token'],
  subject_types_supported: ['public'],
});

interface TokenDesk {
  readonly issuer: string;
  readonly key: SigningKey;
  readonly clients: readonly IssuerClient[];
}

async function answerToken(request: IncomingMessage, desk: TokenDesk): Promise<JsonAnswer> {
  const body = await readBody(request, 10_000);
  if (body === undefined) return { status: 400, body: { error: 'invalid_request' } };
  const form = new URLSearchParams(body.toString('utf8'));
  if (form.get('grant_type') !== 'client_credentials')
    return { status: 400, body: { error: 'unsupported_grant_type' } };
  const client = authenticated(request.headers.authorization, form, desk.clients);
  if (client === undefined) return { status: 401, body: { error: 'invalid_client' } };
  const wanted = form.get('scope')?.split(' ').filter(Boolean) ?? client.scopes;
  if (wanted.some((scope) => !client.scopes.includes(scope)))
    return { status: 400, body: { error: 'invalid_scope' } };
  const access_token = await accessToken(client, wanted, desk);
  return {
    status: 200,
    body: { access_token, token_type: 'Bearer', expires_in: TOKEN_SECONDS, scope: wanted.join(' ') },
  };
}

function authenticated(
  authorization: string | undefined,
  form: URLSearchParams,
  clients: readonly IssuerClient[],
): IssuerClient | undefined {
  const basic = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
  const pair = basic === undefined ? undefined : Buffer.from(basic, 'base64').toString('utf8');
  const [id, secret] =
    pair === undefined
      ? [form.get('client_id'), form.get('client_secret')]
      : [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)].map(decodeURIComponent);
  const client = clients.find((each) => each.clientId === id);
  return client !== undefined && sameText(client.clientSecret, secret ?? '') ? client : undefined;
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function accessToken(
  client: IssuerClient,
  scopes: readonly string[],
  { issuer, key }: TokenDesk,
): Promise<string> {
  const token = new SignJWT({
    client_id: client.clientId,
    scope: scopes.join(' '),
    token_use: 'access',
    ...(client.audience === undefined ? {} : { aud: client.audience }),
  })
    .setProtectedHeader({
      alg: 'RS256',
      ...(key.publicJwk.kid === undefined ? {} : { kid: key.publicJwk.kid }),
    })
    .setIssuer(issuer)
    .setSubject(client.clientId)
    .setIssuedAt()
    .setExpirationTime(`${TOKEN_SECONDS}s`)
    .setJti(randomUUID());
  return token.sign(await importJWK(key.privateJwk, 'RS256'));
}

const jwkSchema = z.looseObject({ kty: z.string() });

async function signingKey(stateDirectory: string): Promise<SigningKey> {
  const file = jsonFile<JWK | null>(
    join(stateDirectory, 'issuer-key.json'),
    jwkSchema.nullable(),
    () => null,
  );
  const privateJwk = file.read() ?? (await newKey());
  file.write(privateJwk);
  const { n, e, kty } = privateJwk;
  const publicParts = {
    kty: kty ?? 'RSA',
    ...(n === undefined ? {} : { n }),
    ...(e === undefined ? {} : { e }),
  };
  const kid = await calculateJwkThumbprint(publicParts);
  return { privateJwk, publicJwk: { ...publicParts, kid, alg: 'RS256', use: 'sig' } };
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return exportJWK(privateKey);
}

function sendJson(response: ServerResponse, { status, body }: JsonAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
