/** One HTTP request to somebody's webhook, without retries. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly totalTimeoutMs: number;
  /** Breaks the request off when the simulator stops. */
  readonly signal?: AbortSignal | undefined;
}

export type TransportFailure =
  | 'dns'
  | 'connect'
  | 'connect-timeout'
  | 'tls'
  | 'read-timeout'
  | 'total-timeout'
  | 'reset'
  | 'partial'
  | 'protocol';

export type TransportOutcome =
  | {
      readonly kind: 'answered';
      readonly statusCode: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      /** How long it took, where the transport needs no real time for it. */
      readonly tookMs?: number | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly failure: TransportFailure;
      readonly detail: string;
      readonly tookMs?: number | undefined;
    };

export type WebhookTransport = (request: TransportRequest) => Promise<TransportOutcome>;
