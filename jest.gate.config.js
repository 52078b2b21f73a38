import config from './jest.config.js';

/** The gate and its clocks, with every branch tested: `npm run coverage:gate` fails below 100 %. */
const [unit] = config.projects;
const { displayName: _displayName, ...project } = unit;

export default {
  ...project,
  testMatch: [
    '<rootDir>/test/unit/messaging/gate/**/*.test.ts',
    '<rootDir>/test/unit/shared/numbering.test.ts',
  ],
  collectCoverage: true,
  collectCoverageFrom: [
    'functions/messaging/domain/gate/**/*.ts',
    'functions/messaging/domain/quiet-hours/**/*.ts',
    'functions/messaging/domain/recipient-facts.ts',
  ],
  coverageDirectory: '.trunkline/coverage/gate',
  coverageReporters: ['text'],
  coverageThreshold: { global: { branches: 100 } },
};
