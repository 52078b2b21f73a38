import { InvalidArgumentError } from 'commander';

/** Collects `-c key=value` as cdk does; the value may contain further equals signs. */
export function collectOverride(text: string, overrides: Record<string, string>): Record<string, string> {
  const separator = text.indexOf('=');
  if (separator < 1) throw new InvalidArgumentError('expected key=value');
  return { ...overrides, [text.slice(0, separator)]: text.slice(separator + 1) };
}

export function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('expected a port');
  return value;
}

export function day(text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('expected YYYY-MM-DD');
  return text;
}

export function errorCode(text: string): number {
  if (!/^\d{4,5}$/.test(text)) throw new InvalidArgumentError('expected a Twilio error code');
  return Number(text);
}

export const collect = (text: string, earlier: readonly string[]): readonly string[] => [...earlier, text];
