/** 64 KB: the largest webhook bodies are the JSON metadata of rich messages, a few KB. */
const MAXIMUM_BODY_BYTES = 65_536;

export type RawBody =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'oversized' }
  | { readonly kind: 'malformed' };

/** The bytes that Twilio sent, decoded once: what is hashed is what is parsed. */
export const readBody = (body: string, isBase64Encoded: boolean): RawBody => {
  if (body.length > (isBase64Encoded ? Math.ceil(MAXIMUM_BODY_BYTES / 3) * 4 : MAXIMUM_BODY_BYTES))
    return { kind: 'oversized' };
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAXIMUM_BODY_BYTES) return { kind: 'oversized' };
  if (isBase64Encoded && bytes.toString('base64') !== body) return { kind: 'malformed' };
  return { kind: 'bytes', bytes };
};
