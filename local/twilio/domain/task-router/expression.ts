/** The attributes that an expression looks at: of the task, of the worker, or of both. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Thrown for an expression that does not keep to the grammar. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

/**
 * TaskRouter's SQL-like expressions (https://www.twilio.com/docs/taskrouter/expression-syntax): comparisons, AND,
 * OR, NOT, IN, HAS, CONTAINS, parentheses, dotted names. A name that is not there is null. Throws an ExpressionError.
 */
export function matchesExpression(expression: string, attributes: Attributes): boolean {
  if (expression.trim() === '') return true;
  const reader = new Reader(tokensOf(expression), attributes);
  const value = reader.or();
  reader.finish();
  return value === true;
}

const token = /\s*(?:(==|!=|<>|<=|>=|[=<>()[\],])|"([^"]*)"|'([^']*)'|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w.]*))/y;

interface Token {
  readonly kind: 'symbol' | 'string' | 'number' | 'word';
  readonly text: string;
}

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  const text = expression.trimEnd();
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new ExpressionError(`unexpected character at ${at} of ${expression}`);
    const [, symbol, double, single, number, word] = match;
    if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'string', text: double ?? single ?? '' });
  }
  return tokens;
}

class Reader {
  private readonly tokens: readonly Token[];
  private readonly attributes: Attributes;
  private position = 0;

  constructor(tokens: readonly Token[], attributes: Attributes) {
    this.tokens = tokens;
    this.attributes = attributes;
  }

  or(): unknown {
    let value = this.and();
    while (this.takeWord('OR')) value = [this.and() === true, value === true].includes(true);
    return value;
  }

  finish(): void {
    const rest = this.tokens[this.position];
    if (rest) throw new ExpressionError(`${rest.text} was not expected`);
  }

  private and(): unknown {
    let value = this.not();
    while (this.takeWord('AND')) value = ![this.not() === true, value === true].includes(false);
    return value;
  }

  private not(): unknown {
    return this.takeWord('NOT') ? this.not() !== true : this.comparison();
  }

  private comparison(): unknown {
    const left = this.operand();
    if (this.takeWord('NOT')) {
      if (this.takeWord('IN')) return !includes(this.operand(), left);
      throw new ExpressionError('NOT needs IN behind a value');
    }
    if (this.takeWord('IN')) return includes(this.operand(), left);
    if (this.takeWord('HAS')) return includes(left, this.operand());
    if (this.takeWord('CONTAINS')) return `${left ?? ''}`.includes(`${this.operand() ?? ''}`);
    const operator = this.tokens[this.position];
    if (
      operator?.kind !== 'symbol' ||
      !['==', '=', '!=', '<>', '<', '>', '<=', '>='].includes(operator.text)
    ) {
      return left;
    }
    this.position += 1;
    return compare(operator.text, left, this.operand());
  }

  private operand(): unknown {
    const next = this.tokens[this.position];
    if (!next) throw new ExpressionError('the expression breaks off');
    this.position += 1;
    switch (next.kind) {
      case 'string':
        return next.text;
      case 'number':
        return Number(next.text);
      case 'word':
        return this.named(next.text);
      case 'symbol':
        return this.bracketed(next.text);
    }
  }

  private bracketed(symbol: string): unknown {
    if (symbol === '(') {
      const value = this.or();
      this.take(')');
      return value;
    }
    if (symbol !== '[') throw new ExpressionError(`${symbol} was not expected`);
    const items: unknown[] = [];
    while (this.tokens[this.position]?.text !== ']') {
      items.push(this.operand());
      if (this.tokens[this.position]?.text === ',') this.position += 1;
    }
    this.take(']');
    return items;
  }

  private named(name: string): unknown {
    if (/^(true|false)$/i.test(name)) return name.toLowerCase() === 'true';
    if (/^null$/i.test(name)) return null;
    let value: unknown = this.attributes;
    for (const part of name.split('.')) value = isAttributes(value) ? value[part] : undefined;
    return value ?? null;
  }

  private take(symbol: string): void {
    if (this.tokens[this.position]?.text !== symbol) throw new ExpressionError(`${symbol} is missing`);
    this.position += 1;
  }

  private takeWord(word: string): boolean {
    const next = this.tokens[this.position];
    if (next?.kind !== 'word' || next.text.toUpperCase() !== word) return false;
    this.position += 1;
    return true;
  }
}

const isAttributes = (value: unknown): value is Attributes =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const includes = (list: unknown, value: unknown): boolean => Array.isArray(list) && list.includes(value);

function compare(operator: string, left: unknown, right: unknown): boolean {
  switch (operator) {
    case '==':
    case '=':
      return same(left, right);
    case '!=':
    case '<>':
      return !same(left, right);
    default:
      return ordered(operator, Number(left), Number(right));
  }
}

const same = (left: unknown, right: unknown): boolean =>
  left === right || (left !== null && right !== null && `${left}` === `${right}`);

function ordered(operator: string, left: number, right: number): boolean {
  switch (operator) {
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    default:
      return left >= right;
  }
}
