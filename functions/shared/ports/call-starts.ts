import type { Put } from './table-client.ts';

/** The step through which an outbound call enters its flow, named by the token of the attempt that places it. */
export interface CallStart {
  /** The attempt's token: 128 random bits, base64url. Only its digest is kept. */
  readonly token: string;
  readonly accountSid: string;
  readonly intentId: string;
  /** Ordinal of the attempt. */
  readonly attempt: number;
  /** Name of a flow in `config/flows`. */
  readonly flow: string;
  /** Values of the flow's context; content, so it stays in the table. */
  readonly context: Readonly<Record<string, string>>;
  readonly correlationId: string;
  /** Epoch seconds, after which Twilio's first fetch is no longer let in. */
  readonly expiresAt: number;
}

/** Offered by voice; the write joins the transaction that arms the call. */
export interface CallStarts {
  put(start: CallStart): Put;
}
