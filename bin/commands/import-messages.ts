import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { parse } from 'csv-parse';
import type { AcceptedBatch, BatchAnswer, BatchView } from '../../functions/shared/contract/api/batches.ts';
import { createApplicationClient } from './application-client.ts';
import { CommandError } from './command-error.ts';
import { type ImportOptions, type ImportRow, readRow } from './import-row.ts';

/** The part of the application API that an import needs. */
export interface BatchClient {
  createBatch(batch: Readonly<Record<string, unknown>>, idempotencyKey: string): Promise<AcceptedBatch>;
  batch(id: string, after?: string): Promise<BatchView>;
}

const ROWS_A_BATCH = 1_000;
const POLL_MILLISECONDS = 1_000;

/** A line that became no message, and why. */
export interface BadLine {
  readonly line: number;
  readonly reason: string;
}

export interface ImportResult {
  readonly lines: number;
  readonly accepted: number;
  readonly suppressed: number;
  readonly bad: readonly BadLine[];
}

/** Sends a message for each line of a CSV file; the same file again goes on where it stopped, and sends nothing twice. */
export async function importMessages(file: string, options: ImportOptions): Promise<void> {
  if (!existsSync(file)) throw new CommandError(`there is no file ${file}`);
  const result = await importFile(file, options, createApplicationClient(), (text) => console.log(text));
  console.log(
    `${result.lines} lines: ${result.accepted} accepted, ${result.suppressed} suppressed, ${result.bad.length} bad`,
  );
  if (result.bad.length === 0) return;
  const report = `${file}.rejected.csv`;
  await writeFile(report, rejectedCsv(result.bad));
  console.log(`every line that was not accepted stands in ${report}`);
  process.exitCode = 1;
}

export async function importFile(
  file: string,
  options: ImportOptions,
  client: BatchClient,
  say: (text: string) => void,
): Promise<ImportResult> {
  const fingerprint = await fingerprintOf(file, options);
  const bad: BadLine[] = [];
  const batches: { readonly id: string; readonly rows: readonly ImportRow[] }[] = [];
  let lines = 0;
  let rows: ImportRow[] = [];
  const handOver = async (): Promise<void> => {
    if (rows.length === 0) return;
    const key = `import:${fingerprint}:${batches.length}`;
    const recipients = rows.map(({ fields }) => fields);
    const { id } = await client.createBatch({ message: options.message, recipients }, key);
    batches.push({ id, rows });
    rows = [];
    say(`${lines} lines handed over`);
  };
  for await (const read of linesOf(file, bad)) {
    lines += 1;
    const row = readRow(read, options);
    if ('reason' in row) bad.push(row);
    else rows.push(row);
    if (rows.length === ROWS_A_BATCH) await handOver();
  }
  await handOver();
  const counts = { accepted: 0, suppressed: 0 };
  for (const { id, rows: sent } of batches)
    for (const answer of await answersOf(id, client, say)) {
      if (answer.outcome === 'accepted') counts.accepted += 1;
      else if (answer.outcome === 'suppressed') counts.suppressed += 1;
      if (answer.outcome !== 'accepted')
        bad.push({ line: sent[answer.row]?.line ?? 0, reason: reasonOf(answer) });
    }
  return { lines: lines + bad.filter(isUnreadable).length, ...counts, bad: bad.toSorted(byLine) };
}

const UNREADABLE = 'cannot be read: ';
const isUnreadable = ({ reason }: BadLine): boolean => reason.startsWith(UNREADABLE);
const byLine = (one: BadLine, other: BadLine): number => one.line - other.line;

/** Content and options: the same import has the same keys, another one has none in common with it. */
async function fingerprintOf(file: string, options: ImportOptions): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(options));
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex').slice(0, 32);
}

async function* linesOf(
  file: string,
  bad: BadLine[],
): AsyncGenerator<{ readonly line: number; readonly values: Readonly<Record<string, string>> }> {
  const parser = createReadStream(file).pipe(
    parse({
      columns: true,
      bom: true,
      info: true,
      trim: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      on_skip: (error) => {
        bad.push({
          line: Number(error?.lines ?? 0),
          reason: `${UNREADABLE}${error?.message ?? 'malformed'}`,
        });
        return undefined;
      },
    }),
  );
  for await (const { info, record } of parser) yield { line: info.lines, values: record };
}

/** All answers of a batch, once it is done. */
async function answersOf(
  id: string,
  client: BatchClient,
  say: (text: string) => void,
): Promise<readonly BatchAnswer[]> {
  for (;;) {
    const view = await client.batch(id);
    if (view.state === 'DONE') return allPages(view, client);
    say(`${id}: ${view.pending} of ${view.recipients} wait for their answer`);
    await wait(POLL_MILLISECONDS);
  }
}

async function allPages(first: BatchView, client: BatchClient): Promise<readonly BatchAnswer[]> {
  const answers = [...first.answers];
  let { next } = first;
  while (next !== undefined) {
    const page = await client.batch(first.id, next);
    answers.push(...page.answers);
    next = page.next;
  }
  return answers;
}

const reasonOf = ({ outcome, reason, errors = [] }: BatchAnswer): string =>
  outcome === 'suppressed'
    ? `suppressed: ${reason ?? 'decided against'}`
    : errors.map(({ pointer, detail }) => `${pointer} ${detail}`.trim()).join('; ') || outcome;

const rejectedCsv = (bad: readonly BadLine[]): string =>
  ['line,reason', ...bad.map(({ line, reason }) => `${line},"${reason.replaceAll('"', '""')}"`)].join('\n') +
  '\n';
