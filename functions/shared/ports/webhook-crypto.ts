/** Keyed and unkeyed digests; every comparison takes the same time wherever the texts differ. */
export interface WebhookCrypto {
  /** Whether `signature` is the base64 HMAC-SHA1 of one of the candidates under one of the tokens. */
  isSigned(check: {
    readonly candidates: readonly string[];
    readonly tokens: readonly string[];
    readonly signature: string;
  }): boolean;
  /** Lower-case hex. */
  sha256(content: string | Uint8Array): string;
  isEqual(left: string, right: string): boolean;
}
