import type { HttpMethod } from '../../domain/voice/call.ts';
import type { XmlElement } from '../parse-xml.ts';
import type { Link, TwimlWarning } from './verbs.ts';

/**
 * Reads attributes as Twilio's schema has them: a name that is not in it is a 12200 warning, a value that is
 * not allowed is a warning with the verb's own code, and the default is used (assumption: Twilio says only that
 * the document goes on).
 */
export class Attributes {
  private readonly element: XmlElement;
  private readonly warnings: TwimlWarning[];
  private readonly read = new Set<string>();

  constructor(element: XmlElement, warnings: TwimlWarning[]) {
    this.element = element;
    this.warnings = warnings;
  }

  text(name: string): string | undefined {
    this.read.add(name);
    return this.element.attributes[name];
  }

  /** Known to Twilio, without a meaning here. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.read.add(name);
  }

  whole(name: string, { fallback, min, max, errorCode }: WholeNumber): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    this.warn(errorCode, `${name}="${text}" is not a whole number from ${min} to ${max}`);
    return fallback;
  }

  flag(name: string, fallback: boolean, errorCode = 12200): boolean {
    return this.choice(name, ['true', 'false'], { fallback: `${fallback}`, errorCode }) === 'true';
  }

  choice<Value extends string>(
    name: string,
    values: readonly Value[],
    { fallback, errorCode = 12200 }: { readonly fallback: Value; readonly errorCode?: number },
  ): Value {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = values.find((each) => each === text);
    if (value === undefined) this.warn(errorCode, `${name}="${text}" is not one of ${values.join(', ')}`);
    return value ?? fallback;
  }

  /** `GET` in any case; everything else posts. */
  method(name: string, errorCode = 12200): HttpMethod {
    const text = this.text(name)?.toUpperCase();
    if (text === undefined || text === 'POST') return 'POST';
    if (text === 'GET') return 'GET';
    this.warn(errorCode, `${name}="${text}" is neither GET nor POST`);
    return 'POST';
  }

  link(name: string, methodName: string): Link | undefined {
    const url = this.text(name)?.trim();
    const method = this.method(methodName);
    return url ? { url, method } : undefined;
  }

  words<Value extends string>(
    name: string,
    values: readonly Value[],
    fallback: readonly Value[],
  ): readonly Value[] {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const known = text
      .split(/\s+/)
      .flatMap((word) => values.find((each) => each === word) ?? this.unknownWord(name, word));
    return known.length > 0 ? known : fallback;
  }

  /** To be called when everything was read: names what is left over. */
  finish(): void {
    for (const name of Object.keys(this.element.attributes)) {
      if (!this.read.has(name)) this.warn(12200, `Attribute ${name} is not allowed`);
    }
  }

  warn(errorCode: number, detail: string): void {
    this.warnings.push({ errorCode, detail: `<${this.element.name}>: ${detail}` });
  }

  private unknownWord(name: string, word: string): [] {
    if (word !== '') this.warn(12200, `${name} does not know ${word}`);
    return [];
  }
}

export interface WholeNumber {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
  readonly errorCode: number;
}
