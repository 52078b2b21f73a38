import { addTallies, EMPTY_TALLY, type Tally } from './ledger-audit.ts';

/**
 * An audit on its way: `listing` goes through Twilio's list of the day, account by account; `scanning` through our own
 * intents, segment by segment. It may stop after any page, and go on in another invocation.
 */
export type Audit = {
  readonly date: string;
  /** Tells the lists of a repeated audit from the first one's. */
  readonly run: string;
  readonly state: 'listing' | 'scanning' | 'done';
  readonly accounts: Readonly<Record<string, AccountAudit>>;
  readonly segments: readonly SegmentAudit[];
  /** Messages at Twilio that no intent accounts for; the first of them, `tally` counts all. */
  readonly unknownToUs: readonly UnknownMessage[];
  /** Accepted intents whose message Twilio does not have; the first of them, `tally` counts all. */
  readonly missingAtTwilio: readonly MissingMessage[];
};

export type AccountAudit = {
  readonly tally: Tally;
  /** Pages of Twilio's list that have been compared. */
  readonly pages: number;
  /** Where to go on; absent at the beginning and at the end. */
  readonly nextPage?: string;
  readonly isListed: boolean;
};

/** `after` is the key of the last item of the scan's last page. */
export type SegmentAudit = {
  readonly after?: { readonly pk: string; readonly sk: string };
  readonly isScanned: boolean;
};

type UnknownMessage = { readonly accountSid: string; readonly messageSid: string };
type MissingMessage = { readonly intentId: string; readonly messageSid?: string };

/** So many differences are named, for an item has 400 KB (vendor limit). */
const MOST_NAMED = 1000;

export const beginAudit = (
  date: string,
  run: string,
  { accountSids, segments }: { readonly accountSids: readonly string[]; readonly segments: number },
): Audit => ({
  date,
  run,
  state: 'listing',
  accounts: Object.fromEntries(accountSids.map((accountSid) => [accountSid, NOT_LISTED])),
  segments: Array.from({ length: segments }, () => ({ isScanned: false })),
  unknownToUs: [],
  missingAtTwilio: [],
});

const NOT_LISTED: AccountAudit = { tally: EMPTY_TALLY, pages: 0, isListed: false };

const accountOf = (audit: Audit, accountSid: string): AccountAudit =>
  audit.accounts[accountSid] ?? NOT_LISTED;

/** The next account whose list has not been gone through; undefined when all have. */
export const nextAccount = (audit: Audit): readonly [string, AccountAudit] | undefined =>
  Object.entries(audit.accounts).find(([, { isListed }]) => !isListed);

export interface ListedPage {
  readonly accountSid: string;
  readonly nextPage?: string;
  readonly tally: Tally;
  readonly unknown: readonly UnknownMessage[];
}

export const afterPage = (audit: Audit, { accountSid, nextPage, tally, unknown }: ListedPage): Audit => {
  const before = accountOf(audit, accountSid);
  const account: AccountAudit = {
    tally: addTallies(before.tally, tally),
    pages: before.pages + 1,
    isListed: nextPage === undefined,
    ...(nextPage === undefined ? {} : { nextPage }),
  };
  const accounts = { ...audit.accounts, [accountSid]: account };
  const state = Object.values(accounts).every(({ isListed }) => isListed) ? 'scanning' : 'listing';
  const unknownToUs = [...audit.unknownToUs, ...unknown].slice(0, MOST_NAMED);
  return { ...audit, state, accounts, unknownToUs };
};

/** Twilio may have forgotten the page where an account's list was left: it is gone through from the beginning. */
export const listAnew = (audit: Audit, accountSid: string): Audit => ({
  ...audit,
  accounts: { ...audit.accounts, [accountSid]: NOT_LISTED },
  unknownToUs: audit.unknownToUs.filter((message) => message.accountSid !== accountSid),
});

export interface ScannedPage {
  readonly segment: number;
  /** Absent at the segment's end. */
  readonly after?: { readonly pk: string; readonly sk: string };
  readonly tallies: readonly (readonly [accountSid: string, tally: Tally])[];
  readonly missing: readonly MissingMessage[];
}

export const afterScan = (audit: Audit, page: ScannedPage): Audit => {
  const { after } = page;
  const segments = audit.segments.map((segment, index) => {
    if (index !== page.segment) return segment;
    return after === undefined ? { isScanned: true } : { after, isScanned: false };
  });
  const accounts = { ...audit.accounts };
  for (const [accountSid, tally] of page.tallies) {
    const account = accounts[accountSid] ?? NOT_LISTED;
    accounts[accountSid] = { ...account, tally: addTallies(account.tally, tally) };
  }
  const missingAtTwilio = [...audit.missingAtTwilio, ...page.missing].slice(0, MOST_NAMED);
  const state = segments.every(({ isScanned }) => isScanned) ? 'done' : 'scanning';
  return { ...audit, state, accounts, segments, missingAtTwilio };
};
