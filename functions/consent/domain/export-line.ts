import { addressDigest, type ChainLink, type Hash, linkHash } from './ledger.ts';

/** A link with what stands beside it, as long as it was not erased. */
export interface ExportedLink extends ChainLink {
  readonly address?: string | undefined;
  readonly salt?: string | undefined;
}

/** One line of an export: the record is in it byte for byte as it was hashed. */
export const exportLine = ({
  shard,
  sequence,
  previous,
  hash,
  record,
  address,
  salt,
}: ExportedLink): string =>
  `{"shard":${shard},"sequence":${sequence},"previous":"${previous}","hash":"${hash}","record":${record},` +
  `"address":${address === undefined ? 'null' : JSON.stringify(address)},"salt":${salt === undefined ? 'null' : JSON.stringify(salt)}}`;

const LINE =
  /^\{"shard":(\d+),"sequence":(\d+),"previous":"([0-9a-f]{64})","hash":"([0-9a-f]{64})","record":(\{.*"addressDigest":"([0-9a-f]{64})"\}),"address":(null|"[^"\\]*"),"salt":(null|"[^"\\]*")\}$/s;

export interface ReadLine {
  readonly link: ChainLink;
  readonly addressDigest: string;
  readonly address?: string;
  readonly salt?: string;
}

/** Undefined for anything that `exportLine` would not write. */
export function readExportLine(line: string): ReadLine | undefined {
  const match = LINE.exec(line);
  if (match === null) return undefined;
  const [
    ,
    shard = '',
    sequence = '',
    previous = '',
    hash = '',
    record = '',
    digest = '',
    address = '',
    salt = '',
  ] = match;
  const link = { shard: Number(shard), sequence: Number(sequence), previous, hash, record };
  const isCanonical = String(link.shard) === shard && String(link.sequence) === sequence;
  if (!isCanonical) return undefined;
  return {
    link,
    addressDigest: digest,
    ...(address === 'null' ? {} : { address: address.slice(1, -1) }),
    ...(salt === 'null' ? {} : { salt: salt.slice(1, -1) }),
  };
}

/** What is wrong with a line by itself; undefined if nothing is. */
export function findingOfLine(line: ReadLine, hash: Hash): string | undefined {
  if (linkHash(line.link, hash) !== line.link.hash) return 'its record is not what was hashed';
  if ((line.address === undefined) !== (line.salt === undefined))
    return 'address and salt do not stand together';
  const isProved =
    line.address === undefined || addressDigest(line.salt ?? '', line.address, hash) === line.addressDigest;
  return isProved ? undefined : 'its address is not the one that was recorded';
}
