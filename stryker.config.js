/**
 * Mutation testing of the pure rules, one subject at a time: `npm run mutate -- ingress`. Survivors are explained in docs/mutation.md.
 * What a run has found out is kept beside its report, so that a run that was ended is gone on with.
 */
const subject = process.env.MUTATED_SUBJECT ?? 'timeline';
const files = process.env.MUTATED_FILES?.split(',') ?? [`functions/${subject}/domain/**/*.ts`];

export default {
  packageManager: 'npm',
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  jest: { projectType: 'custom', configFile: 'jest.mutation.config.js', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  mutate: files,
  // A mutant of a table that is built once, when its module is loaded, needs every test: such tables are data, and are tested as such.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: `.trunkline/mutation/${subject}-incremental.json`,
  plugins: ['@stryker-mutator/jest-runner'],
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: `.trunkline/mutation/${subject}.json` },
  tempDirName: `.trunkline/mutation/sandbox-${subject}`,
  ignorePatterns: [
    '.trunkline',
    'cdk.out',
    'docs',
    'console',
    'local',
    'bench',
    'lib',
    'test/simulation',
    'test/local',
  ],
  thresholds: { high: 95, low: 90, break: 90 },
  concurrency: 2,
  // Where a busy machine makes everything slow, a mutant that loops is still told from one that waits.
  timeoutMS: 20_000,
  disableTypeChecks: false,
  // TypeScript 7 has no JavaScript API, with which Stryker would rewrite the file; nothing of it is needed at run time.
  tsconfigFile: 'not-read.json',
};
