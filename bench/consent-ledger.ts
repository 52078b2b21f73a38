import { hash } from 'node:crypto';
import { exportLine } from '../functions/consent/domain/export-line.ts';
import { addressDigest, append, type ChainHead, EMPTY_CHAIN } from '../functions/consent/domain/ledger.ts';
import { verifyLedger } from '../functions/consent/domain/verify-ledger.ts';
import { LEDGER_SHARDS } from '../functions/shared/contract/consent-settings.ts';

/** How long a verification takes, and whether it finds one flipped bit: `node bench/consent-ledger.ts [records]`. */
const records = Number(process.argv[2] ?? 1_000_000);
const sha256 = (text: string): string => hash('sha256', text);

const recordOf = (number: number, digest: string): string =>
  JSON.stringify({
    recordId: `SM${number.toString(16).padStart(32, '0')}`,
    contactId: `con_${(number % 16).toString(16)}${number.toString(16).padStart(31, '0')}`,
    kind: number % 3 === 0 ? 'opt-out' : 'opt-in',
    scope: 'everything',
    source: 'import',
    effect: number % 3 === 0 ? 'opted-out' : 'opted-in',
    occurredAt: '2026-03-01T12:00:00.000Z',
    recordedAt: '2026-03-01T12:00:01.000Z',
    accountSid: `AC${'0'.repeat(32)}`,
    wording: 'I agree to get news and offers by text message.',
    place: 'https://shop.example.com/checkout',
    addressDigest: digest,
  });

const heads: ChainHead[] = Array.from({ length: LEDGER_SHARDS }, () => EMPTY_CHAIN);
const lines = Array.from({ length: records }, (_, number) => {
  const shard = number % LEDGER_SHARDS;
  const [address, salt] = [`+1555${String(number).padStart(7, '0')}`, `salt-${number}`];
  const head = heads[shard] ?? EMPTY_CHAIN;
  const link = append(head, shard, recordOf(number, addressDigest(salt, address, sha256)), sha256);
  heads[shard] = link;
  return exportLine({ ...link, address, salt });
});
const ends = heads.map(({ sequence, hash: end }, shard) => ({ shard, first: 1, sequence, hash: end }));

const check = () => {
  const startedAt = performance.now();
  const cpuAtStart = process.cpuUsage();
  const verifier = verifyLedger(ends, sha256);
  const findings = lines.flatMap((line) => verifier.take(line) ?? []);
  const conclusion = [...findings, ...verifier.conclude()];
  const { user, system } = process.cpuUsage(cpuAtStart);
  const seconds = (performance.now() - startedAt) / 1000;
  return { seconds, cpuSeconds: (user + system) / 1e6, findings: conclusion };
};

const whole = check();
console.log(
  `${records} records verified in ${whole.seconds.toFixed(2)} s (${whole.cpuSeconds.toFixed(2)} s of CPU), ${whole.findings.length} findings`,
);

const at = Math.floor(records / 2);
const line = lines[at] ?? '';
const flipped = Buffer.from(line);
flipped[Math.floor(line.length / 2)] = (flipped[Math.floor(line.length / 2)] ?? 0) ^ 1;
lines[at] = flipped.toString('utf8');
const changed = check();
console.log(
  `one bit flipped in line ${at + 1}: ${changed.findings.length} findings, first: ${changed.findings[0]}`,
);
if (whole.findings.length > 0 || changed.findings.length === 0) process.exitCode = 1;
