import config from './jest.config.js';

/** The unit tests of the subjects, in one project: what mutants of the pure rules have to survive. */
const [unit] = config.projects;
const { displayName: _displayName, ...project } = unit;

export default {
  ...project,
  testMatch: ['ingress', 'messaging', 'timeline'].map(
    (subject) => `<rootDir>/test/unit/${subject}/**/*.test.ts`,
  ),
};
