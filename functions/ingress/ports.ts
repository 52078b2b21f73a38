import type { AccountSecrets } from '../shared/ports/account-secrets.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Observer } from '../shared/ports/observer.ts';
import type { PutClient } from '../shared/ports/table-client.ts';

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

/** Flushes what it gathered over one request. */
export interface RequestObserver extends Observer {
  flush(): void;
}

export interface IngressPorts {
  readonly inbox: PutClient;
  readonly secrets: AccountSecrets;
  readonly crypto: WebhookCrypto;
  readonly clock: Clock;
  readonly observer: RequestObserver;
}

export interface IngressSettings {
  /** Canonical origin that Twilio was given, such as `https://hooks.example.com`; no trailing slash. */
  readonly hooksOrigin: string;
  readonly accountSids: ReadonlySet<string>;
  readonly retentionDays: number;
}
