/** Everything that happened, as one number; the lines too where somebody wants to read them. */
export class Trace {
  readonly lines: string[] = [];
  readonly #keeps: boolean;
  #high = 0x811c9dc5;
  #low = 0x1b873593;

  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  /** `now` in epoch milliseconds. */
  add(now: number, line: string): void {
    const text = `${now.toFixed(3)} ${line}`;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      this.#high = Math.imul(this.#high ^ code, 0x01000193);
      this.#low = Math.imul(this.#low ^ code, 0x5bd1e995) ^ (this.#low >>> 15);
    }
    if (this.#keeps) this.lines.push(`${new Date(now).toISOString().slice(5, 23)} ${line}`);
  }

  /** Sixteen hex digits. */
  get hash(): string {
    return [this.#high, this.#low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
