import type { RequestObserver, SafeFields } from '../../../functions/shared/ports/observer.ts';

export class RecordingObserver implements RequestObserver {
  readonly lines: { readonly level: string; readonly message: string; readonly fields: SafeFields }[] = [];
  readonly counts = new Map<string, number>();
  flushes = 0;

  info(message: string, fields: SafeFields = {}): void {
    this.lines.push({ level: 'info', message, fields });
  }

  warn(message: string, fields: SafeFields = {}): void {
    this.lines.push({ level: 'warn', message, fields });
  }

  error(message: string, _error: unknown, fields: SafeFields = {}): void {
    this.lines.push({ level: 'error', message, fields });
  }

  count(metric: string, value = 1, outcome?: string): void {
    const name = outcome === undefined ? metric : `${metric}:${outcome}`;
    this.counts.set(name, (this.counts.get(name) ?? 0) + value);
  }

  duration(metric: string): void {
    this.count(metric);
  }

  addContext(): void {}

  flush(): void {
    this.flushes += 1;
  }
}
