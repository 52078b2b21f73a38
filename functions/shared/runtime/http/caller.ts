import * as z from 'zod';

/** Who calls, as the JWT authorizer verified it. */
export interface Caller {
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
}

const claim = z.string().min(1).optional();

const verifiedToken = z.object({
  claims: z.object({ client_id: claim, sub: claim, azp: claim, scope: claim, scp: claim }),
  scopes: z.array(z.string()).nullish(),
});

/**
 * Reads `requestContext.authorizer.jwt`. The client is `client_id` (Cognito, RFC 9068), else the subject, else `azp`.
 * @returns undefined without a verified token, or with one that names nobody
 */
export const callerOf = (jwt: unknown): Caller | undefined => {
  const token = verifiedToken.safeParse(jwt);
  if (!token.success) return undefined;
  const { claims, scopes } = token.data;
  const clientId = claims.client_id ?? claims.sub ?? claims.azp;
  if (clientId === undefined) return undefined;
  return { clientId, scopes: new Set([...scopeWords(claims.scope ?? claims.scp), ...(scopes ?? [])]) };
};

// API Gateway writes a claim that is an array as `[a b]`.
const scopeWords = (claimed = ''): string[] =>
  claimed
    .replace(/^\[|\]$/g, '')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
