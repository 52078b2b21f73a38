import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `npm run mutate -- [subject...]`: mutants of the pure rules against the unit tests of their subject; the score of every file. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SUBJECTS = ['ingress', 'messaging', 'timeline'];
const GOAL = 90;

interface Mutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: { readonly line: number } };
}

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}

const DETECTED = new Set(['Killed', 'Timeout']);
const UNDETECTED = new Set(['Survived', 'NoCoverage']);

const runSubject = (subject: string): void => {
  mkdirSync(join(ROOT, '.trunkline/mutation'), { recursive: true });
  spawnSync(process.execPath, ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run'], {
    cwd: ROOT,
    env: { ...process.env, MUTATED_SUBJECT: subject },
    stdio: 'inherit',
  });
};

const describeFile = (file: string, mutants: readonly Mutant[]) => {
  const detected = mutants.filter(({ status }) => DETECTED.has(status)).length;
  const survivors = mutants.filter(({ status }) => UNDETECTED.has(status));
  const valid = detected + survivors.length;
  return { file, valid, detected, survivors, score: valid === 0 ? 100 : (100 * detected) / valid };
};

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const subjects = process.argv.slice(2);
let isReached = true;
for (const subject of subjects.length > 0 ? subjects : SUBJECTS) {
  runSubject(subject);
  const report = JSON.parse(
    readFileSync(join(ROOT, `.trunkline/mutation/${subject}.json`), 'utf8'),
  ) as Report;
  const files = Object.entries(report.files).map(([file, { mutants }]) => describeFile(file, mutants));
  for (const { file, valid, detected, score, survivors } of files.sort(
    (one, other) => one.score - other.score,
  )) {
    print(
      `${score.toFixed(1).padStart(6)} % ${String(detected).padStart(5)} of ${String(valid).padStart(5)}  ${file}`,
    );
    for (const { mutatorName, location, status, replacement = '' } of survivors)
      print(
        `           ${status} ${location.start.line}: ${mutatorName} ${replacement.slice(0, 80).replaceAll('\n', ' ')}`,
      );
  }
  const [valid, detected] = [
    files.reduce((sum, one) => sum + one.valid, 0),
    files.reduce((sum, one) => sum + one.detected, 0),
  ];
  const score = (100 * detected) / valid;
  isReached &&= score >= GOAL;
  print(`${subject}: ${detected} of ${valid} mutants found, ${score.toFixed(1)} %`);
}
process.exitCode = isReached ? 0 : 1;
