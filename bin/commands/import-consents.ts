import { createHash } from 'node:crypto';
import { appendFileSync, createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { LARGEST_CONSENT_BATCH } from '../../functions/shared/contract/api/consents.ts';
import { CommandError } from './command-error.ts';
import { type ConsentClient, createConsentClient } from './consent-client.ts';
import { parseCsvLine } from './csv-line.ts';

const COLUMNS = ['address', 'kind', 'scope', 'occurredAt', 'wording', 'place'] as const;
const REQUIRED = ['address', 'kind', 'occurredAt'];

interface Row {
  /** In the file, the header being line 1. */
  readonly line: number;
  readonly record: Readonly<Record<string, string>>;
}

/**
 * Imports consents from CSV, a hundred at once. Every row has a key of the file's content and its line, so that a second run takes
 * nothing twice; how far it came stands beside the file. Rows that cannot be taken are written to `<file>.rejected.csv`.
 */
export async function importConsents(file: string, options: { readonly parallel: string }): Promise<void> {
  const client = createConsentClient();
  const digest = await digestOf(file);
  const marks = { progress: `${file}.progress`, rejected: `${file}.rejected.csv` };
  const done = progressOf(marks.progress, digest);
  if (done === 0) writeFileSync(marks.rejected, 'line,problem\n');
  const totals = { taken: 0, rejected: 0 };
  let wave: Row[][] = [];
  const flush = async (): Promise<void> => {
    const results = await Promise.all(wave.map((rows) => send(rows, digest, client)));
    for (const rejections of results) {
      totals.rejected += rejections.length;
      for (const { line, problem } of rejections)
        appendFileSync(marks.rejected, `${line},"${problem.replaceAll('"', '""')}"\n`);
    }
    const last = wave.at(-1)?.at(-1)?.line ?? done;
    totals.taken += wave.reduce((sum, rows) => sum + rows.length, 0);
    writeFileSync(marks.progress, JSON.stringify({ digest, line: last }));
    process.stderr.write(`\r${last.toLocaleString('en')} lines, ${totals.rejected} rejected`);
    wave = [];
  };
  let batch: Row[] = [];
  for await (const row of rowsOf(file)) {
    if (row.line <= done) continue;
    batch.push(row);
    if (batch.length === LARGEST_CONSENT_BATCH) {
      wave.push(batch);
      batch = [];
    }
    if (wave.length >= Number(options.parallel)) await flush();
  }
  if (batch.length > 0) wave.push(batch);
  if (wave.length > 0) await flush();
  process.stderr.write('\n');
  console.log(
    `${totals.taken - totals.rejected} rows taken, ${totals.rejected} rejected (${marks.rejected})`,
  );
}

async function digestOf(file: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(file)) digest.update(chunk);
  return digest.digest('hex').slice(0, 32);
}

/** A mark of another content says nothing about this file. */
function progressOf(path: string, digest: string): number {
  if (!existsSync(path)) return 0;
  const mark: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof mark !== 'object' || mark === null || !('digest' in mark) || !('line' in mark)) return 0;
  return mark.digest === digest && typeof mark.line === 'number' ? mark.line : 0;
}

async function* rowsOf(file: string): AsyncGenerator<Row> {
  let header: readonly string[] | undefined;
  let line = 0;
  for await (const text of createInterface({
    input: createReadStream(file, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    line += 1;
    const cells = parseCsvLine(line === 1 ? text.replace(/^\uFEFF/, '') : text);
    if (header === undefined) {
      header = checkHeader(cells);
      continue;
    }
    if (text.trim() === '') continue;
    const entries = header.map((name, index) => [name, cells[index] ?? ''] as const);
    yield { line, record: Object.fromEntries(entries.filter(([, value]) => value !== '')) };
  }
}

function checkHeader(cells: readonly string[]): readonly string[] {
  const unknown = cells.filter((name) => !COLUMNS.some((column) => column === name));
  const missing = REQUIRED.filter((name) => !cells.includes(name));
  if (unknown.length + missing.length === 0) return cells;
  throw new CommandError(
    `the first line must name the columns ${COLUMNS.join(', ')}; ` +
      [...unknown.map((name) => `unknown: ${name}`), ...missing.map((name) => `missing: ${name}`)].join('; '),
  );
}

async function send(rows: readonly Row[], digest: string, client: ConsentClient) {
  const records = rows.map(({ line, record }) => ({ key: `${digest}:${line}`, record }));
  const { results } = await client.recordAll(records);
  return results.flatMap(({ problems }, index) =>
    problems === undefined ? [] : [{ line: rows[index]?.line ?? 0, problem: problems.join('; ') }],
  );
}
