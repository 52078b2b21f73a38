import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { WebhookCrypto } from '../../ports/webhook-crypto.ts';

const isEqual = (left: string, right: string): boolean => {
  const a = Buffer.from(left, 'utf8');
  const b = Buffer.from(right, 'utf8');
  return a.length === b.length && timingSafeEqual(a, b);
};

/** A string key: Node 24 takes five times as long for an HMAC under a Buffer key. */
const sign = (token: string, text: string): string =>
  createHmac('sha1', token).update(text, 'utf8').digest('base64');

export const nodeCrypto: WebhookCrypto = {
  isSigned: ({ candidates, tokens, signature }) => {
    let isSigned = false;
    for (const token of tokens)
      for (const candidate of candidates) if (isEqual(sign(token, candidate), signature)) isSigned = true;
    return isSigned;
  },
  sha256: (content) => hash('sha256', content, 'hex'),
  isEqual,
};
