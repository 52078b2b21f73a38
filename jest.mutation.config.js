import config from './jest.config.js';

/** The unit tests of one subject, in one project: what mutants of its pure rules have to survive. */
const [unit] = config.projects;
const { displayName: _displayName, ...project } = unit;
const subject = process.env.MUTATED_SUBJECT ?? 'timeline';

export default {
  ...project,
  testMatch: (process.env.MUTATED_TESTS?.split(',') ?? [`test/unit/${subject}/**/*.test.ts`]).map(
    (tests) => `<rootDir>/${tests}`,
  ),
};
