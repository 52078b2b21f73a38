import { findingOfLine, readExportLine } from './export-line.ts';
import { EMPTY_CHAIN, type Hash } from './ledger.ts';

export interface ShardEnd {
  readonly shard: number;
  /** Of its oldest record that was kept. */
  readonly first: number;
  readonly sequence: number;
  readonly hash: string;
}

export interface LedgerVerifier {
  /** One line without its end. @returns what is wrong with it; undefined if nothing is */
  take(line: string): string | undefined;
  /** After the last line: what is missing. */
  conclude(): readonly string[];
  readonly records: number;
}

/**
 * Checks an export line by line: every record is what was hashed, every link follows the one before, every address the one recorded,
 * and each chain ends where the export says. Records whose retention has ended are missing at a chain's beginning only.
 */
export function verifyLedger(ends: readonly ShardEnd[], hash: Hash): LedgerVerifier {
  const heads = new Map<number, { sequence: number; hash: string }>();
  const beginnings = new Map(ends.map(({ shard, first }) => [shard, first]));
  let records = 0;
  return {
    take(line) {
      records += 1;
      const read = readExportLine(line);
      if (read === undefined) return 'it is no line of a ledger';
      const { shard, sequence, previous, hash: own } = read.link;
      const head = heads.get(shard);
      heads.set(shard, { sequence, hash: own });
      const finding = findingOfLine(read, hash);
      if (finding !== undefined) return finding;
      if (head === undefined && sequence !== (beginnings.get(shard) ?? 1))
        return `shard ${shard} begins at record ${sequence}, the export says ${beginnings.get(shard) ?? 1}`;
      if (head === undefined)
        return sequence === 1 && previous !== EMPTY_CHAIN.hash
          ? 'the chain does not begin at its beginning'
          : undefined;
      return sequence === head.sequence + 1 && previous === head.hash
        ? undefined
        : `it does not follow record ${head.sequence} of shard ${shard}`;
    },
    conclude() {
      return ends.flatMap((end) => {
        const head = heads.get(end.shard) ?? EMPTY_CHAIN;
        return head.sequence === end.sequence && head.hash === end.hash
          ? []
          : [`shard ${end.shard} ends at record ${head.sequence}, the export says ${end.sequence}`];
      });
    },
    get records() {
      return records;
    },
  };
}
