import * as z from 'zod';

/**
 * Where a keyword's opt-out applies; never wider at Twilio than here, whose block list is the sender's or its service's.
 * `sender-group`: the Messaging Service that the keyword came to.
 */
export const KeywordScope = z.enum(['everything', 'channel', 'sender-group']);
export type KeywordScope = z.infer<typeof KeywordScope>;

/** What the deployment does about consent. */
export const ConsentSettings = z.strictObject({
  keywordScope: KeywordScope,
  /** Our own confirmation of an opt-out; one text, no marketing (47 CFR 64.1200(a)(12)). */
  optOutText: z.string().min(1).max(320),
  /** How long records of the ledger are kept: 5 years by default (16 CFR 310.5). */
  ledgerRetentionDays: z.int().min(365).max(36_500),
});
export type ConsentSettings = z.infer<typeof ConsentSettings>;

/** Shards of the ledger's hash chain: by the first digit of the contact's id (docs/adr/0014). */
export const LEDGER_SHARDS = 16;
