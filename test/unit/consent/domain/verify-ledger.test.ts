import { describe, expect, test } from '@jest/globals';
import { exportLine, readExportLine } from '../../../../functions/consent/domain/export-line.ts';
import {
  addressDigest,
  append,
  type ChainHead,
  EMPTY_CHAIN,
} from '../../../../functions/consent/domain/ledger.ts';
import { verifyLedger } from '../../../../functions/consent/domain/verify-ledger.ts';
import { sha256Hex } from '../../../../functions/shared/runtime/digest.ts';

/** Four records in two shards; the last one's address was erased. */
const ledger = () => {
  const heads = new Map<number, ChainHead>();
  const lines = [0, 1, 0, 1].map((shard, number) => {
    const isErased = number === 3;
    const [address, salt] = [`+1555000000${number}`, `salt "${number}`.replace('"', '')];
    const record = JSON.stringify({
      recordId: `SM${number}`,
      wording: 'Ja, "gern" é\n',
      addressDigest: addressDigest(salt, address, sha256Hex),
    });
    const link = append(heads.get(shard) ?? EMPTY_CHAIN, shard, record, sha256Hex);
    heads.set(shard, link);
    return exportLine({ ...link, ...(isErased ? {} : { address, salt }) });
  });
  const ends = [...heads].map(([shard, { sequence, hash }]) => ({ shard, first: 1, sequence, hash }));
  return { lines, ends };
};

const findingsOf = (lines: readonly string[], ends = ledger().ends): readonly string[] => {
  const verifier = verifyLedger(ends, sha256Hex);
  return [...lines.flatMap((line) => verifier.take(line) ?? []), ...verifier.conclude()];
};

describe('an exported ledger', () => {
  test('is whole, erased addresses included', () => {
    const { lines } = ledger();
    expect(findingsOf(lines)).toEqual([]);
    expect(readExportLine(lines[3] ?? '')).not.toHaveProperty('address');
  });

  test('shows every single changed byte, wherever it is', () => {
    const { lines } = ledger();
    for (const [index, line] of lines.entries()) {
      const bytes = Buffer.from(line);
      for (let at = 0; at < bytes.length; at += 1) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 1;
        const others = lines.with(index, changed.toString('utf8'));
        expect(findingsOf(others).length).toBeGreaterThan(0);
      }
    }
  });

  test.each([
    ['a line is missing', (lines: string[]) => lines.slice(1)],
    ['the last line of a shard is missing', (lines: string[]) => lines.slice(0, 3)],
    ['two lines of a shard changed places', ([a, b, c, d]: string[]) => [c, b, a, d] as string[]],
    ['a line stands twice', (lines: string[]) => [...lines, lines[3] ?? '']],
    ['there is an empty line', (lines: string[]) => [...lines, '']],
    [
      'a number is written in another way',
      ([a, ...rest]: string[]) => [(a ?? '').replace('"sequence":1', '"sequence":01'), ...rest],
    ],
    [
      "another person's address took the place of one",
      ([a, ...rest]: string[]) => [(a ?? '').replace('+15550000000', '+15550000001'), ...rest],
    ],
    [
      'an address was taken out without its salt',
      ([a, ...rest]: string[]) => [(a ?? '').replace('"+15550000000"', 'null'), ...rest],
    ],
  ])('is known not to be whole where %s', (_what, change) => {
    expect(findingsOf(change([...ledger().lines])).length).toBeGreaterThan(0);
  });

  test('may begin later than its beginning: retention ends at the oldest', () => {
    const { lines, ends } = ledger();
    const later = ends.map((end) => ({ ...end, first: 2 }));
    expect(findingsOf(lines.slice(2), later)).toEqual([]);
    expect(findingsOf(lines.slice(2), ends)).toHaveLength(2);
  });
});
