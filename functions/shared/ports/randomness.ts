/** The only source of randomness in use cases. */
export interface Randomness {
  /** 128 random bits, base64url, 22 characters: one send attempt's or one claim's token. */
  token(): string;
  /** Uniform in [0, 1): jitter. */
  fraction(): number;
}

/** Waits; injected so that simulations do not. */
export type Sleep = (milliseconds: number) => Promise<void>;
