import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import colors from 'picocolors';
import { verifyLedger } from '../../functions/consent/domain/verify-ledger.ts';
import { CommandError } from './command-error.ts';
import { LEDGER_FILE, readManifest } from './export-consent.ts';

const sha256 = (text: string): string => hash('sha256', text);
/** A file that was changed all over is told by its first findings. */
const SHOWN = 20;

/** Checks an export against its chains; any changed byte is found, and the line that it is in is named. */
export async function verify(directory: string): Promise<void> {
  const startedAt = performance.now();
  const manifest = readManifest(directory);
  const verifier = verifyLedger(manifest.export.shards, sha256);
  const findings: string[] = [];
  for await (const lines of linesOf(join(directory, LEDGER_FILE))) {
    for (const line of lines) {
      const finding = verifier.take(line);
      if (finding !== undefined) findings.push(`line ${verifier.records}: ${finding}`);
    }
  }
  findings.push(...verifier.conclude());
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const told = `${verifier.records.toLocaleString('en')} records in ${seconds} s`;
  if (findings.length === 0) {
    console.log(colors.green(`${told}: every record is as it was written, every chain is whole`));
    return;
  }
  const more = findings.length > SHOWN ? [`... and ${findings.length - SHOWN} more`] : [];
  throw new CommandError(
    [`${told}: the ledger was changed`, ...findings.slice(0, SHOWN), ...more].join('\n'),
  );
}

/** Lines in batches; the last line must have its end too. */
async function* linesOf(file: string): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
  if (rest !== '') yield [rest, 'the file does not end with a line'];
}
