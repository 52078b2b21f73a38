export interface ImportOptions {
  /** Fields that all messages share: trafficClass, campaign ... */
  readonly message: Readonly<Record<string, string>>;
  /** Text with `{column}` where a line has its own value; without it, the column `body` is the text. */
  readonly text?: string;
}

/** A line that can be handed over. */
export interface ImportRow {
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Columns that are fields of a message; every other one may stand in the text. */
const FIELDS = new Set(['to', 'body', 'channel', 'use', 'campaign', 'sendAt', 'deadline', 'correlationId']);
const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9_ -]*)\}/g;

/** One line as a recipient of a batch; what the platform itself would find is left to it. */
export function readRow(
  { line, values }: { readonly line: number; readonly values: Readonly<Record<string, string>> },
  { text }: ImportOptions,
): ImportRow | { readonly line: number; readonly reason: string } {
  if ((values.to ?? '') === '')
    return { line, reason: 'has no recipient: the column `to` is empty or missing' };
  const fields = Object.fromEntries(
    Object.entries(values).filter(([name, value]) => FIELDS.has(name) && value !== ''),
  );
  if (text === undefined) return { line, fields };
  const missing = [...text.matchAll(PLACEHOLDER)]
    .map(([, name = '']) => name)
    .filter((name) => !values[name]);
  if (missing.length > 0) return { line, reason: `has no value for ${[...new Set(missing)].join(', ')}` };
  return {
    line,
    fields: { ...fields, body: text.replace(PLACEHOLDER, (_, name: string) => values[name] ?? '') },
  };
}
