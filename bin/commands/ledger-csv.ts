import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { readExportLine } from '../../functions/consent/domain/export-line.ts';

const COLUMNS = [
  'recordId',
  'contactId',
  'kind',
  'scope',
  'source',
  'effect',
  'occurredAt',
  'recordedAt',
] as const;
const HEADER = [...COLUMNS, 'address', 'shard', 'sequence', 'previous', 'hash', 'record'].join(',');

/** For spreadsheets: what people read, and the chain beside it. What proves something is the JSON. */
export async function writeCsv(from: string, to: string): Promise<void> {
  const csv = createWriteStream(to);
  csv.write(`${HEADER}\r\n`);
  for await (const line of createInterface({ input: createReadStream(from) })) {
    const read = readExportLine(line);
    if (read === undefined) throw new Error('the export holds what is no line of a ledger');
    const { shard, sequence, previous, hash, record } = read.link;
    const fields: Readonly<Record<string, unknown>> = JSON.parse(record);
    const values = [
      ...COLUMNS.map((column) => fields[column] ?? ''),
      read.address ?? '',
      shard,
      sequence,
      previous,
      hash,
      record,
    ];
    if (!csv.write(`${values.map(cell).join(',')}\r\n`)) await once(csv, 'drain');
  }
  csv.end();
  await finished(csv);
}

/** A cell that begins like a formula is text: spreadsheets must not run what somebody wrote. */
const cell = (value: unknown): string => {
  const text = String(value);
  const safe = /^[=@\t\r]/.test(text) || /^[+-]\D/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
