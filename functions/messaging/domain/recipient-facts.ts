import { type NumberType, parsePhoneNumberWithError } from 'libphonenumber-js/max';
import { regionsOfNumber } from '../../shared/contract/numbering/calling-codes.ts';
import { zonesOfCountry } from '../../shared/contract/numbering/country-zones.ts';
import { nanpAreaOf } from '../../shared/contract/numbering/nanp-areas.ts';
import { areaOfPostcode } from '../../shared/contract/numbering/postcodes.ts';

/** How a place is known; the more exact comes first. */
export type PlaceBasis = 'time-zone' | 'postcode' | 'area-code' | 'country' | 'nothing';

/** What a number, and what the client says of its holder, tell: no digit of it stands here. */
export interface RecipientFacts {
  /** Candidates: `US-FL`, `CA-QC`, else countries; empty where nothing tells. */
  readonly regions: readonly string[];
  readonly regionBasis: PlaceBasis;
  /** IANA names of all candidate zones; empty where nothing tells. */
  readonly zones: readonly string[];
  readonly zoneBasis: PlaceBasis;
  /** By the numbering plan; `unknown` where it does not say. */
  readonly line: LineType;
}

export type LineType =
  | 'mobile'
  | 'fixed'
  | 'fixed-or-mobile'
  | 'premium'
  | 'shared-cost'
  | 'toll-free'
  | 'voip'
  | 'personal'
  | 'other'
  | 'unknown';

/** What the client knows better than the number does. */
export interface RecipientHints {
  /** IANA name. */
  readonly timeZone?: string;
  /** A ZIP code or a Canadian postal code. */
  readonly postcode?: string;
}

/**
 * An explicit zone decides over a postcode, a postcode over the number. The region comes from the postcode, else from the number: a
 * zone names no jurisdiction. Whoever is unsure has several candidates, and the rules keep to all of them.
 */
export function describeRecipient(address: string, hints: RecipientHints = {}): RecipientFacts {
  const posted = hints.postcode === undefined ? undefined : areaOfPostcode(hints.postcode);
  const numbered = placeOfNumber(address);
  return {
    regions: posted?.regions ?? numbered.regions,
    regionBasis: posted === undefined ? numbered.basis : 'postcode',
    ...zonesOf(hints.timeZone, posted?.zones, numbered),
    line: lineOf(address),
  };
}

interface NumberedPlace {
  readonly regions: readonly string[];
  readonly zones: readonly string[];
  readonly basis: PlaceBasis;
}

function zonesOf(
  timeZone: string | undefined,
  posted: readonly string[] | undefined,
  numbered: NumberedPlace,
): Pick<RecipientFacts, 'zones' | 'zoneBasis'> {
  if (timeZone !== undefined) return { zones: [timeZone], zoneBasis: 'time-zone' };
  if (posted !== undefined) return { zones: posted, zoneBasis: 'postcode' };
  return { zones: numbered.zones, zoneBasis: numbered.basis };
}

/** Toll-free, and area codes that are not known: nearly always one of the two large countries of the plan. */
const NANP_COUNTRIES = ['CA', 'US'];

function placeOfNumber(address: string): NumberedPlace {
  const area = nanpAreaOf(address);
  if (area !== undefined) return { ...area, basis: 'area-code' };
  const regions = address.startsWith('+1') ? NANP_COUNTRIES : regionsOfNumber(address);
  const zones = [...new Set(regions.flatMap(zonesOfCountry))];
  return { regions, zones, basis: regions.length === 0 ? 'nothing' : 'country' };
}

const LINES: Readonly<Partial<Record<NonNullable<NumberType>, LineType>>> = {
  MOBILE: 'mobile',
  FIXED_LINE: 'fixed',
  FIXED_LINE_OR_MOBILE: 'fixed-or-mobile',
  PREMIUM_RATE: 'premium',
  SHARED_COST: 'shared-cost',
  TOLL_FREE: 'toll-free',
  VOIP: 'voip',
  PERSONAL_NUMBER: 'personal',
};

function lineOf(address: string): LineType {
  const type = typeOf(address);
  return type === undefined ? 'unknown' : (LINES[type] ?? 'other');
}

function typeOf(address: string): NumberType {
  try {
    return parsePhoneNumberWithError(address).getType();
  } catch {
    return undefined;
  }
}
