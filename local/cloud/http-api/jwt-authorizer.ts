import { createRemoteJWKSet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod';

export interface JwtAuthorizerSettings {
  readonly issuer: string;
  /** A token must name one of them as `aud`, or as `client_id` when it has no `aud`. */
  readonly audience: readonly string[];
  /** `$request.header.Authorization` and the like. */
  readonly identitySources: readonly string[];
}

type Authorization =
  | { readonly kind: 'allowed'; readonly context: unknown }
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'forbidden' };

export interface JwtAuthorizer {
  /** @param requiredScopes one of them is enough; none means any valid token */
  authorize(token: string | undefined, requiredScopes: readonly string[]): Promise<Authorization>;
  readonly identitySources: readonly string[];
}

const discoverySchema = z.looseObject({ jwks_uri: z.string() });
const scopesSchema = z.union([z.string().transform((text) => text.split(' ')), z.array(z.string())]);

/**
 * API Gateway's JWT authorizer: signature by the issuer's published keys, `iss`, `aud` or `client_id`, times, scopes.
 * The issuer is first asked when the first token comes, so it may start later than the API.
 */
export function jwtAuthorizer(settings: JwtAuthorizerSettings): JwtAuthorizer {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const issuerKeys = (): Promise<JWTVerifyGetKey> => {
    keys ??= discover(settings.issuer).catch((error: unknown) => {
      keys = undefined; // a failed start is not remembered
      throw error;
    });
    return keys;
  };
  return {
    identitySources: settings.identitySources,
    authorize: async (token, requiredScopes) => {
      const claims = token === undefined ? undefined : await verified(token, settings, issuerKeys);
      if (claims === undefined) return { kind: 'unauthorized' };
      const scopes = scopesOf(claims);
      if (requiredScopes.length > 0 && !requiredScopes.some((scope) => scopes.includes(scope))) {
        return { kind: 'forbidden' };
      }
      return {
        kind: 'allowed',
        context: { jwt: { claims: shownClaims(claims), scopes: shownScopes(scopes, requiredScopes) } },
      };
    },
  };
}

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const { jwks_uri } = discoverySchema.parse(await response.json());
  return createRemoteJWKSet(new URL(jwks_uri), { cooldownDuration: 1000 });
}

async function verified(
  token: string,
  { issuer, audience }: JwtAuthorizerSettings,
  issuerKeys: () => Promise<JWTVerifyGetKey>,
): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtVerify(token, await issuerKeys(), {
      issuer,
      algorithms: ['RS256', 'RS384', 'RS512'],
      requiredClaims: ['exp'],
    });
    const named = payload.aud === undefined ? [payload.client_id] : [payload.aud].flat();
    return named.some((name) => typeof name === 'string' && audience.includes(name)) ? payload : undefined;
  } catch {
    return undefined; // API Gateway answers every unusable token, and an issuer it cannot reach, with 401
  }
}

function scopesOf(claims: JWTPayload): readonly string[] {
  const parsed = scopesSchema.safeParse(claims.scope ?? claims.scp);
  return parsed.success ? parsed.data : [];
}

const shownScopes = (scopes: readonly string[], required: readonly string[]): readonly string[] | null =>
  required.length === 0 ? null : scopes.filter((scope) => required.includes(scope));

/** Every claim as text: a list as `[a b]`, as API Gateway writes it. */
function shownClaims(claims: JWTPayload): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      Array.isArray(value) ? `[${value.join(' ')}]` : shown(value),
    ]),
  );
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
