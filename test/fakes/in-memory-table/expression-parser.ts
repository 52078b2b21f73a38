import { refuse } from './errors.ts';

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Operand =
  /** Parts are `#placeholders` or list positions. */
  | { readonly kind: 'path'; readonly parts: readonly (string | number)[] }
  | { readonly kind: 'value'; readonly placeholder: string }
  | { readonly kind: 'size'; readonly of: Operand };

export type FunctionName =
  | 'attribute_exists'
  | 'attribute_not_exists'
  | 'attribute_type'
  | 'begins_with'
  | 'contains';

export type Condition =
  | {
      readonly kind: 'compare';
      readonly operator: Comparator;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly choices: readonly Operand[] }
  | { readonly kind: 'function'; readonly name: FunctionName; readonly operands: readonly Operand[] }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition };

const OPERAND_COUNTS: Readonly<Record<FunctionName, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
};

const parsed = new Map<string, Condition>();

/**
 * Parses a condition, filter or key condition expression of DynamoDB.
 * Bare attribute names are refused although DynamoDB takes most of them: the house rule is placeholders always.
 */
export const parseExpression = (text: string): Condition => {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const condition = new Parser(text).parse();
  parsed.set(text, condition);
  return condition;
};

const TOKEN = /\s*(?:([#:][A-Za-z0-9_]+)|([A-Za-z_][A-Za-z0-9_]*)|(\d+)|(<>|<=|>=|[=<>(),.[\]]))/y;

const tokenise = (text: string): string[] => {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[0].trim();
    if (token === undefined) return refuse(`Invalid expression: syntax error near "${text.slice(at)}"`);
    tokens.push(token);
  }
  return tokens;
};

class Parser {
  readonly #tokens: readonly string[];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenise(text);
  }

  parse(): Condition {
    if (this.#tokens.length === 0) return refuse('Invalid expression: it must not be empty');
    const condition = this.#or();
    return this.#at === this.#tokens.length ? condition : this.#unexpected();
  }

  #or(): Condition {
    let left = this.#and();
    while (this.#takeWord('OR')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Condition {
    let left = this.#not();
    while (this.#takeWord('AND')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Condition {
    return this.#takeWord('NOT') ? { kind: 'not', condition: this.#not() } : this.#primary();
  }

  #primary(): Condition {
    if (this.#take('(')) return this.#parenthesised();
    const name = this.#peek();
    if (name !== undefined && isFunctionName(name)) return this.#function(name);
    return this.#comparison(this.#operand());
  }

  #parenthesised(): Condition {
    const redundant = this.#peek() === '(' && this.#closesTwice();
    const inner = this.#or();
    this.#expect(')');
    return redundant ? refuse('Invalid expression: The expression has redundant parentheses;') : inner;
  }

  /** Whether the parenthesis at the cursor is closed right before the one around it. */
  #closesTwice(): boolean {
    let depth = 0;
    for (let index = this.#at; index < this.#tokens.length; index += 1) {
      if (this.#tokens[index] === '(') depth += 1;
      if (this.#tokens[index] === ')') depth -= 1;
      if (depth === 0) return this.#tokens[index + 1] === ')';
    }
    return false;
  }

  #function(name: FunctionName): Condition {
    this.#at += 1;
    this.#expect('(');
    const operands = this.#operands();
    this.#expect(')');
    if (operands.length !== OPERAND_COUNTS[name]) {
      return refuse(`Invalid expression: Incorrect number of operands for ${name}: ${operands.length}`);
    }
    return { kind: 'function', name, operands };
  }

  #comparison(left: Operand): Condition {
    if (this.#takeWord('BETWEEN')) {
      const low = this.#operand();
      if (!this.#takeWord('AND')) return this.#unexpected();
      return { kind: 'between', operand: left, low, high: this.#operand() };
    }
    if (this.#takeWord('IN')) {
      this.#expect('(');
      const choices = this.#operands();
      this.#expect(')');
      return { kind: 'in', operand: left, choices };
    }
    const operator = this.#peek();
    if (operator === undefined || !isComparator(operator)) return this.#unexpected();
    this.#at += 1;
    return { kind: 'compare', operator, left, right: this.#operand() };
  }

  #operands(): Operand[] {
    const operands = [this.#operand()];
    while (this.#take(',')) operands.push(this.#operand());
    return operands;
  }

  #operand(): Operand {
    const token = this.#peek();
    if (token === 'size') return this.#size();
    if (token?.startsWith(':')) {
      this.#at += 1;
      return { kind: 'value', placeholder: token };
    }
    return this.#path();
  }

  #size(): Operand {
    this.#at += 1;
    this.#expect('(');
    const of = this.#operand();
    this.#expect(')');
    return { kind: 'size', of };
  }

  #path(): Operand {
    const parts: (string | number)[] = [this.#name()];
    for (;;) {
      if (this.#take('.')) parts.push(this.#name());
      else if (this.#take('[')) {
        parts.push(this.#position());
        this.#expect(']');
      } else return { kind: 'path', parts };
    }
  }

  #name(): string {
    const token = this.#peek();
    if (!token?.startsWith('#')) return this.#unexpected();
    this.#at += 1;
    return token;
  }

  #position(): number {
    const token = this.#peek();
    if (token === undefined || !/^\d+$/.test(token)) return this.#unexpected();
    this.#at += 1;
    return Number(token);
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at += 1;
    return true;
  }

  #takeWord(word: string): boolean {
    if (this.#peek()?.toUpperCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) this.#unexpected();
  }

  #unexpected(): never {
    return refuse(`Invalid expression: Syntax error; token: "${this.#peek() ?? '<EOF>'}" in "${this.#text}"`);
  }
}

const isFunctionName = (token: string): token is FunctionName => Object.hasOwn(OPERAND_COUNTS, token);
const isComparator = (token: string): token is Comparator => /^(=|<>|<|<=|>|>=)$/.test(token);
