/** Mutation testing of the pure rules: `npm run mutate`. Survivors are explained in docs/mutation.md. */
export default {
  packageManager: 'npm',
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  jest: { projectType: 'custom', configFile: 'jest.mutation.config.js', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  mutate: ['functions/*/domain/**/*.ts'],
  plugins: ['@stryker-mutator/jest-runner'],
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: '.trunkline/mutation/mutation.json' },
  tempDirName: '.trunkline/mutation/sandbox',
  ignorePatterns: ['.trunkline', 'cdk.out', 'docs', 'console'],
  thresholds: { high: 95, low: 90, break: 90 },
  concurrency: 2,
  disableTypeChecks: false,
  // TypeScript 7 has no JavaScript API, with which Stryker would rewrite the file; nothing of it is needed at run time.
  tsconfigFile: 'not-read.json',
};
