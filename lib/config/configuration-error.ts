/** Wrong configuration: names the source, and for each finding the key path. Fails synth before a template is written. */
export class ConfigurationError extends Error {
  readonly source: string;
  readonly findings: readonly string[];

  constructor(source: string, findings: readonly string[]) {
    super(findings.map((finding) => `${source}: ${finding}`).join('\n'));
    this.name = 'ConfigurationError';
    this.source = source;
    this.findings = findings;
  }
}

/** `['pools', 0, 'concurrency']` as an operator writes it: `pools[0].concurrency`. */
export const keyPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${String(key)}`,
    '',
  );
