import { createHash } from 'node:crypto';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import * as z from 'zod';
import { ExportView } from '../../functions/shared/contract/api/consents.ts';
import { createConsentClient } from './consent-client.ts';
import { writeCsv } from './ledger-csv.ts';

/** What an export is: the manifest says where the chains end and how many bytes are whole; the ledger has a line a record. */
const Manifest = z.object({
  export: ExportView,
  bytes: z.int(),
  next: z.string().optional(),
  complete: z.boolean(),
});
export type Manifest = z.infer<typeof Manifest>;

export const MANIFEST_FILE = 'manifest.json';
export const LEDGER_FILE = 'ledger.jsonl';

export const readManifest = (directory: string): Manifest =>
  Manifest.parse(JSON.parse(readFileSync(join(directory, MANIFEST_FILE), 'utf8')));

/** Writes the consent ledger into a directory, as JSON lines and on demand as CSV; goes on where an earlier run stopped. */
export async function exportConsent(options: { readonly to: string; readonly csv?: boolean }): Promise<void> {
  const client = createConsentClient();
  mkdirSync(options.to, { recursive: true });
  const ledger = join(options.to, LEDGER_FILE);
  const begun = existsSync(join(options.to, MANIFEST_FILE)) ? readManifest(options.to) : undefined;
  let manifest: Manifest = begun ?? { export: await client.createExport(), bytes: 0, complete: false };
  if (begun === undefined) writeFileSync(ledger, '');
  // What was written after the last page that the manifest knows of was not written whole.
  else if (statSync(ledger).size > manifest.bytes) truncateSync(ledger, manifest.bytes);
  while (!manifest.complete) {
    const page = await client.lines(manifest.export.id, manifest.next);
    const text = page.lines.map((line) => `${line}\n`).join('');
    await appendWhole(ledger, text);
    const bytes = manifest.bytes + Buffer.byteLength(text);
    const { next: _next, ...kept } = manifest;
    manifest = {
      ...kept,
      bytes,
      complete: page.next === undefined,
      ...(page.next ? { next: page.next } : {}),
    };
    writeFileSync(join(options.to, MANIFEST_FILE), `${JSON.stringify(manifest, undefined, 2)}\n`);
    process.stderr.write(`\r${bytes.toLocaleString('en')} bytes of ${manifest.export.records} records`);
  }
  process.stderr.write('\n');
  if (options.csv === true) await writeCsv(ledger, join(options.to, 'ledger.csv'));
  const digest = createHash('sha256').update(readFileSync(ledger)).digest('hex');
  console.log(`${manifest.export.records} records in ${options.to}; SHA-256 of ${LEDGER_FILE}: ${digest}`);
}

async function appendWhole(file: string, text: string): Promise<void> {
  const stream = createWriteStream(file, { flags: 'a' });
  stream.end(text);
  await finished(stream);
}
