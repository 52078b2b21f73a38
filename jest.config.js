/** One Jest project per kind of test; a kind is chosen by its folder: `npm test -- --selectProjects unit`. */
const project = (displayName, extra = {}) => ({
  displayName,
  testEnvironment: 'node',
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2024',
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  ...extra,
});

export default {
  projects: ['unit', 'contract', 'simulation', 'infrastructure', 'local'].map((name) => project(name)),
  // A hung test fails by this; how long a test takes on a busy machine says nothing of the code.
  testTimeout: 60_000,
  // Concurrent tests keep a thread of their own busy each: one a core.
  maxConcurrency: 2,
  reporters: ['default', '<rootDir>/test/reporters/closing-line.js'],
};
